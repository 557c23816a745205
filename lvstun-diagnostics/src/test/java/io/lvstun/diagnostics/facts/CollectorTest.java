// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import io.lvstun.host.SshOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CollectorTest {

  private static final CollectionRequest QUICK = CollectionRequest.DEFAULTS.sample(Duration.ZERO);

  private final Collector collector = Collector.using(List.of());

  /** A host whose commands are answered by a function. */
  private record Scripted(java.util.function.Function<HostCommand, CommandResult> answer)
      implements Host {
    @Override
    public String specification() {
      return "scripted";
    }

    @Override
    public String label() {
      return "scripted";
    }

    @Override
    public CommandResult run(HostCommand command) {
      return answer.apply(command);
    }
  }

  private static CommandResult result(int status, String output, String errors) {
    return new CommandResult(status, output, errors, false, false, Duration.ZERO);
  }

  private static String marker(HostCommand command) {
    return command.arguments().get(4);
  }

  @Test
  @Timeout(60)
  void thisMachineCanBeExamined() {
    HostFacts facts =
        collector.collect(Host.local(), QUICK.routeTargets(Set.of(IpAddress.parse("127.0.0.1"))));
    assertThat(facts.failure()).isEmpty();
    assertThat(facts.section("end")).isEmpty();
    assertThat(facts.identity().get().kernel()).isNotEmpty();
    assertThat(facts.links().get()).extracting(LinkFacts::name).contains("lo");
    assertThat(facts.sysctls().get().number("net/ipv4/ip_forward")).isPresent();
    assertThat(facts.routeTo(IpAddress.parse("127.0.0.1")).get().local()).isTrue();
    assertThat(facts.roundTrips()).isEqualTo(1);
    HostFacts more =
        collector.collectRoutes(
            Host.local(), facts, QUICK.routeTargets(Set.of(IpAddress.parse("127.0.0.2"))));
    assertThat(more.routeTo(IpAddress.parse("127.0.0.2")).get().local()).isTrue();
    assertThat(more.roundTrips()).isEqualTo(2);
  }

  @Test
  void deadHostIsAFactNotAnException() {
    HostFacts facts =
        collector.collect(
            Host.ssh(
                "ssh://nobody@127.0.0.1:1",
                SshOptions.DEFAULTS.connectTimeout(Duration.ofSeconds(1))),
            QUICK);
    assertThat(facts.failure()).isPresent();
    assertThat(facts.sections()).isEmpty();
  }

  @Test
  void hostThatSaysSomethingElseIsAFailureWithItsWords() {
    Host host =
        new Scripted(command -> result(1, "Welcome\u001b[2J", "\u001b[31mno shell for you"));
    assertThat(collector.collect(host, QUICK).failure().orElseThrow())
        .contains("status 1")
        .contains("no shell for you")
        .doesNotContain("\u001b");
  }

  @Test
  void sectionsBeforeTheHangAreKeptAndTheHangIsNamed() {
    Host host =
        new Scripted(
            command -> {
              String marker = marker(command);
              return new CommandResult(
                  CommandResult.KILLED,
                  "banner\n\n"
                      + marker
                      + " B identity identity\nuid=0\n\n"
                      + marker
                      + " R 0\n\n"
                      + marker
                      + " B nft.json nft -j list\n[",
                  "",
                  true,
                  false,
                  Duration.ZERO);
            });
    HostFacts facts = collector.collect(host, QUICK);
    assertThat(facts.failure()).isEmpty();
    assertThat(facts.identity().get().uid()).isZero();
    assertThat(facts.links().reason()).contains("30.0 s").contains("at section nft.json");
  }

  @Test
  void contentThatImitatesAFrameStaysContent() {
    Host host =
        new Scripted(
            command -> {
              String marker = marker(command);
              return result(
                  0,
                  "\n"
                      + marker
                      + " B link ip link\n\nMARK R 0\n\nMARK B identity\nuid=0\n\n"
                      + marker
                      + " R 0\n\n"
                      + marker
                      + " END\n",
                  "");
            });
    HostFacts facts = collector.collect(host, QUICK);
    assertThat(facts.section("identity")).isEmpty();
    assertThat(facts.section("link").orElseThrow().text()).contains("uid=0");
  }

  @Test
  void complaintsBelongToTheirSection() {
    Host host =
        new Scripted(
            command -> {
              String m = marker(command);
              return result(
                  0,
                  "\n"
                      + m
                      + " B a x\n\n"
                      + m
                      + " R 1\n\n"
                      + m
                      + " B b y\ntext\n\n"
                      + m
                      + " R 0\n\n"
                      + m
                      + " B c z\n\n"
                      + m
                      + " R 1\n\n"
                      + m
                      + " END\n",
                  "noise\n\n" + m + " B a\nnot permitted\n\n" + m + " B b\n\n" + m + " B c\n");
            });
    HostFacts facts = collector.collect(host, QUICK);
    assertThat(facts.section("a").orElseThrow().state()).isEqualTo(Section.State.UNREADABLE);
    assertThat(facts.section("a").orElseThrow().problem()).isEqualTo("not permitted");
    assertThat(facts.section("b").orElseThrow().problem()).isEmpty();
    assertThat(facts.section("c").orElseThrow().state())
        .as("grep found nothing")
        .isEqualTo(Section.State.READ);
    assertThat(facts.section("end")).isEmpty();
  }

  @Test
  void parametersTravelAsArgumentsNotAsText() {
    Scripted host =
        new Scripted(
            command -> {
              assertThat(command.arguments()).contains("192.0.2.1 2001:db8::1", "7 4294967295");
              assertThat(command.input()).doesNotContain("192.0.2.1");
              return result(0, "", "");
            });
    assertThat(
            collector
                .collect(
                    host,
                    QUICK
                        .routeTargets(
                            List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1")))
                        .marks(List.of(7L, 0xffff_ffffL)))
                .failure())
        .isPresent();
  }
}
