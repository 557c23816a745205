// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TreeReaderTest {

  private final List<ImportLoss> losses = new ArrayList<>();
  private final Map<String, String> files = new HashMap<>();

  private List<Statement> read(String text) {
    return read(text, Optional.of("lb1"));
  }

  private List<Statement> read(String text, Optional<String> id) {
    files.put("/k/main.conf", text);
    LineSource lines = new LineSource(ConfigFiles.of(files), id, losses);
    lines.open("/k/main.conf");
    return new TreeReader(lines, losses).read();
  }

  /** The tree on one line, blocks in brackets. */
  private static String shape(List<Statement> statements) {
    StringBuilder text = new StringBuilder();
    for (Statement one : statements) {
      text.append(text.length() == 0 ? "" : "; ").append(one);
      if (!one.block().isEmpty()) {
        text.append(" [").append(shape(one.block())).append(']');
      }
    }
    return text.toString();
  }

  private String shapeOf(String text) {
    return shape(read(text));
  }

  @Test
  void blocksNestWhereverTheirBracesStand() {
    assertThat(
            shapeOf(
                """
                global_defs { router_id a }
                virtual_server 10.0.0.1 80
                {
                  real_server 10.0.0.2 80 { TCP_CHECK { retry 3
                  } weight 2 }
                  delay_loop 6 }
                """))
        .isEqualTo(
            "global_defs [router_id a]; virtual_server 10.0.0.1 80 "
                + "[real_server 10.0.0.2 80 [TCP_CHECK [retry 3]; weight 2]; delay_loop 6]");
    assertThat(losses).isEmpty();
  }

  @Test
  void everyStatementHasFileLineAndColumn() {
    List<Statement> tree = read("global_defs {\n\trouter_id  lb-1 # no\n}\n");
    Statement router = tree.get(0).block().get(0);
    assertThat(router.place()).isEqualTo(new SourcePosition("/k/main.conf", 2, 2));
    assertThat(router.words().get(1).place()).isEqualTo(new SourcePosition("/k/main.conf", 2, 13));
    assertThat(tree.get(0).place()).isEqualTo(new SourcePosition("/k/main.conf", 1, 1));
  }

  @Test
  void commentsEndLinesUnlessQuotedOrEscaped() {
    assertThat(shapeOf("vrrp_script x { # a\nscript \"/bin/e # ! x\" ! b\nuser \\#a # c\n! d\n}\n"))
        .isEqualTo("vrrp_script x [script /bin/e # ! x; user \\#a]");
  }

  @Test
  void quotesMakeOneWordAndEscapesHoldInScripts() {
    Statement script =
        read("vrrp_script x {\nscript \"/bin/echo \\\"a b\\\" \\x41\\101\\t\"\n}")
            .get(0)
            .block()
            .get(0);
    assertThat(script.arguments()).containsExactly("/bin/echo \"a b\" AA\t");
    assertThat(read("global_defs {\nrouter_id a\"b c\"d\n}").get(0).block().get(0).arguments())
        .containsExactly("a", "b c", "d");
  }

  @Test
  void conditionsSelectLinesByConfigurationId() {
    String text = "@lb1 @^lb2 net_namespace a\n@lb2 net_namespace b\n@^lb3 net_namespace c\n";
    assertThat(shapeOf(text)).isEqualTo("net_namespace a; net_namespace c");
    assertThat(losses)
        .singleElement()
        .satisfies(
            loss -> {
              assertThat(loss.kind()).isEqualTo(ImportLoss.Kind.OTHER_HOST);
              assertThat(loss.place().line()).isEqualTo(2);
            });
  }

  @Test
  void withoutConfigurationIdOnlyNegatedConditionsHold() {
    assertThat(shape(read("@a instance x\n@^a instance y\n", Optional.empty())))
        .isEqualTo("instance y");
    assertThat(losses).hasSize(1);
  }

  @Test
  void parametersAreReplacedWhenTheyAreUsed() {
    assertThat(
            shapeOf(
                """
                $BASE=10.2.${SUB}
                $SUB=0
                net_namespace ${BASE}.1
                $SUB=10
                net_namespace ${BASE}.1 $SUB $SUBX $SUB.
                """))
        .isEqualTo("net_namespace 10.2.0.1; net_namespace 10.2.10.1 10 $SUBX $SUB.");
  }

  @Test
  void parametersOfSeveralLinesMayHoldDefinitionsAndConditions() {
    assertThat(
            shapeOf(
                """
                $V= \\
                vrrp_instance VI_${N} { \\
                  @lb1 priority 10${N} \\
                  @lb2 priority 5 \\
                }
                $N=1
                $V
                $N=2
                $V
                """))
        .isEqualTo("vrrp_instance VI_1 [priority 101]; vrrp_instance VI_2 [priority 102]");
  }

  @Test
  void predefinedParameters() {
    assertThat(shapeOf("net_namespace ${_INSTANCE} ${_PWD} ${_HASH} ${_BANG}\n"))
        .isEqualTo("net_namespace lb1 /k # !");
    assertThat(shapeOf("net_namespace ${_RANDOM 3 9}\n")).isEqualTo("net_namespace 0");
    assertThat(losses).hasSize(1);
  }

  @Test
  void sequencesAndListsRepeatTheRestOfTheLine() {
    assertThat(
            shapeOf(
                """
                ~SEQ(I,3,1) instance a${I}
                ~SEQ(J, -2) instance b${J}
                ~SEQx(K,14,2,18) instance c${K}
                ~LST({L, M}, {a,1}, {b, 2}) ~SEQ(N,1,2) instance ${L}${M}${N}
                ~LST(O,x,y) instance ${O}
                """))
        .isEqualTo(
            "instance a3; instance a2; instance a1; instance b-1; instance b-2; instance ce;"
                + " instance c10; instance c12; instance a11; instance a12; instance b21;"
                + " instance b22; instance x; instance y");
  }

  @Test
  void invalidSequenceIsListed() {
    assertThat(shapeOf("~SEQ(I,1,0,5) instance x\n~LST(I) instance y\n")).isEmpty();
    assertThat(losses).extracting(ImportLoss::kind).containsOnly(ImportLoss.Kind.INVALID);
    assertThat(losses).extracting(loss -> loss.place().line()).containsExactly(1, 2);
  }

  @Test
  void inclusionsTakePatternsRelativeToTheirFile() {
    files.put("/k/d/b.conf", "instance b\ninclude e/*\n");
    files.put("/k/d/a.conf", "instance a\n");
    files.put("/k/d/.hidden.conf", "instance h\n");
    files.put("/k/d/e/c", "instance c\n");
    files.put("/other", "instance o\n");
    assertThat(shapeOf("include d/*.conf\nincludea /{other,none}\ninstance z\n"))
        .isEqualTo("instance a; instance b; instance c; instance o; instance z");
    assertThat(losses).isEmpty();
  }

  @Test
  void inclusionThatMatchesNothingIsListed() {
    assertThat(shapeOf("include none/*\ninstance a\n")).isEqualTo("instance a");
    assertThat(losses).singleElement().satisfies(l -> assertThat(l.reason()).contains("no file"));
  }

  @Test
  void unknownKeywordsBlockEndsWhatEnclosesIt() {
    assertThat(
            shapeOf(
                """
                virtual_server 10.0.0.1 80 {
                  real_server 10.0.0.2 80 {
                    FOO_CHECK {
                      retry 3
                    }
                    weight 3
                  }
                  delay_loop 5
                }
                instance x
                """))
        .isEqualTo(
            "virtual_server 10.0.0.1 80 [real_server 10.0.0.2 80 [FOO_CHECK; retry 3]; weight 3];"
                + " delay_loop 5; instance x");
    assertThat(losses)
        .extracting(loss -> loss.place().line() + " " + loss.kind())
        .containsExactly("3 UNKNOWN", "3 SYNTAX", "8 UNKNOWN", "9 SYNTAX");
  }

  @Test
  void missingBracesAreListedWithTheirPlace() {
    assertThat(shapeOf("global_defs {\nrouter_id a\n")).isEqualTo("global_defs [router_id a]");
    assertThat(shapeOf("}\nglobal_defs\nrouter_id a\n}\ninstance a\n"))
        .isEqualTo("global_defs [router_id a]; instance a");
    assertThat(losses)
        .extracting(loss -> loss.place().line() + " " + loss.kind())
        .containsExactly("1 SYNTAX", "1 SYNTAX", "2 SYNTAX");
  }

  @Test
  void keywordsOfNewerVersionsAreListedAsSuch() {
    assertThat(shapeOf("vrrp_instance a {\nauth_hmac {\nkey k\n}\npriority 5\n}"))
        .isEqualTo("vrrp_instance a [auth_hmac [key ***]; priority 5]");
    assertThat(losses).extracting(ImportLoss::kind).containsOnly(ImportLoss.Kind.NEWER);
  }

  @Test
  void hostileTextIsRefusedWithPlaceAndReason() {
    refused("instance a\nbad\0x\n", 2, 4, "NUL");
    refused("\n" + "x".repeat(1 << 20) + "\n", 2, 1024, "1048576 characters");
    refused("include main.conf\n", 1, 1, "includes itself");
    refused("$R=$R $R \ninstance $R\n", 2, 1, "expand without end");
    refused("~SEQ(I,1,2000000000) instance ${I}\n", 1, 1, "2000000000 rounds");
    refused("~SEQ(I,1,90000) ~SEQ(J,1,90000) instance ${I}${J}\n", 1, 1, "lines");
    String nested = "virtual_server a {\nreal_server b {\n".repeat(1);
    assertThat(shapeOf(nested + "{\n".repeat(10_000))).contains("real_server b");
  }

  @Test
  void inclusionsThatCycleOverFilesAreRefused() {
    files.put("/k/b.conf", "include c.conf\n");
    files.put("/k/c.conf", "\n\n  include b.conf\n");
    assertThatThrownBy(() -> read("include b.conf\n"))
        .isInstanceOf(ConfigSyntaxException.class)
        .hasMessage("/k/c.conf:3:3: /k/b.conf includes itself");
  }

  @Test
  void missingFileIsRefused() {
    LineSource lines = new LineSource(ConfigFiles.of(Map.of()), Optional.empty(), losses);
    assertThatThrownBy(() -> lines.open("/none"))
        .hasMessage("/none:1:1: /none cannot be read: there is no such file");
  }

  private void refused(String text, int line, int column, String reason) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOfSatisfying(
            ConfigSyntaxException.class,
            e -> {
              assertThat(e.place()).isEqualTo(new SourcePosition("/k/main.conf", line, column));
              assertThat(e.reason()).contains(reason);
            });
  }
}
