// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a stand-in for nft that keeps the rules of one chain in a file, the newest first. */
class InsertFirewallRuleTest {

  private static final String NFT =
      """
      cd "$ROOT"
      case "$*" in
      "-a list chain inet filter input") [ -e rules ] && cat rules ;;
      "insert rule inet filter input "*)
        n=$(($(cat last) + 1)); echo $n >last; shift 5
        { echo "$* # handle $n"; cat rules; } >new && mv new rules ;;
      "delete rule inet filter input handle "*) sed -i "/# handle $7\\$/d" rules ;;
      *) exit 2 ;;
      esac
      """;

  @TempDir Path folder;

  private FolderHost host(String rules) {
    FolderHost host = new FolderHost(folder).program("nft", NFT);
    host.write("rules", rules);
    host.write("last", "7\n");
    return host;
  }

  private static InsertFirewallRule rule(String... words) {
    return new InsertFirewallRule("inet", "filter", "input", List.of(words), "lvstun-FW-001");
  }

  @Test
  void ruleIsInsertedBeforeTheOthersAndTakenAwayAlone() {
    FolderHost host = host("drop # handle 7\n");
    InsertFirewallRule change = rule("ip", "protocol", "4", "accept");
    AppliedChange applied = change.apply(host);
    assertThat(host.read("rules"))
        .isEqualTo(
            "ip protocol 4 accept comment \""
                + change.comment()
                + "\" # handle 8\n"
                + "drop # handle 7\n");
    assertThat(change.holds(host)).isTrue();
    assertThat(rule("accept").holds(host)).isFalse();
    assertThat(applied.undo()).isTrue();
    assertThat(host.read("rules")).isEqualTo("drop # handle 7\n");
  }

  @Test
  void ruleIsNotInsertedTwice() {
    FolderHost host = host("");
    var unused = rule("accept").apply(host);
    String once = host.read("rules");
    AppliedChange again = rule("accept").apply(host);
    assertThat(again.changed()).isFalse();
    assertThat(again.undo()).isFalse();
    assertThat(host.read("rules")).isEqualTo(once);
  }

  @Test
  void undoOfThePersistentFormDeletesEachRuleOfOurCommentOnly() {
    InsertFirewallRule change = rule("accept");
    String ours = "accept comment \"" + change.comment() + "\" # handle ";
    FolderHost host =
        host(ours + "9\naccept comment \"" + change.comment() + "0\" # handle 5\n" + ours + "3\n");
    List<String> undo = new ArrayList<>(List.of("env", "ROOT=" + folder));
    undo.add("PATH=" + folder.resolve("bin") + ":" + System.getenv("PATH"));
    undo.addAll(change.undo());
    assertThat(Host.local().run(HostCommand.of(undo)).successful()).isTrue();
    assertThat(host.read("rules"))
        .isEqualTo("accept comment \"" + change.comment() + "0\" # handle 5\n");
  }

  @Test
  void chainThatIsGoneIsSaid() {
    FolderHost host = host("");
    assertThat(folder.resolve("rules").toFile().delete()).isTrue();
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> rule("accept").apply(host))
        .withMessageContaining("not present on this host");
  }

  @Test
  void commentNamesTheRuleAndItsPlace() {
    InsertFirewallRule rule = rule("accept");
    assertThat(rule.comment())
        .matches("lvstun-FW-001-[0-9a-f]{12}")
        .isEqualTo(rule("accept").comment());
    assertThat(
            Set.of(
                rule.comment(),
                rule("drop").comment(),
                rule("accept", "accept").comment(),
                new InsertFirewallRule(
                        "inet", "filter", "output", List.of("accept"), "lvstun-FW-001")
                    .comment(),
                new InsertFirewallRule("ip", "filter", "input", List.of("accept"), "lvstun-FW-001")
                    .comment()))
        .hasSize(5);
    assertThat(rule.command())
        .startsWith("nft", "insert", "rule", "inet", "filter", "input", "accept", "comment")
        .endsWith("\"" + rule.comment() + "\"");
    assertThat(rule.risk()).isEqualTo(Risk.FIREWALL);
    assertThat(rule.operation(HostChange.PRESENT, HostChange.ABSENT))
        .containsExactly("nft-delete", "inet filter input", rule.comment());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a;b", "a b", "$(id)", "a\n", "\"", "ä"})
  void namesThatNftWouldReadAsMoreAreRefused(String name) {
    List<String> accept = List.of("accept");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InsertFirewallRule(name, "t", "c", accept, "m"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InsertFirewallRule("ip", name, "c", accept, "m"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InsertFirewallRule("ip", "t", name, accept, "m"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InsertFirewallRule("ip", "t", "c", accept, name));
    assertThat(InsertFirewallRule.nameable(name)).isFalse();
  }

  @Test
  void ruleHasWords() {
    List<String> none = List.of();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InsertFirewallRule("ip", "t", "c", none, "m"));
  }
}
