// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.firewall.Firewall;
import io.lvstun.diagnostics.facts.firewall.Packet;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.host.HostChange;
import io.lvstun.host.Risk;
import io.lvstun.host.RunCommand;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FilterRemedyTest {

  private static final Packet TUNNEL =
      Packet.ipv4(4)
          .from(IpAddress.parse("192.0.2.1"))
          .to(IpAddress.parse("192.0.2.2"))
          .arrivingOn("eth0");

  private static Firewall.Chain chain(
      Firewall.Backend backend, String family, String name, boolean base) {
    return new Firewall.Chain(
        backend,
        family,
        "filter",
        name,
        base ? Optional.of(Firewall.Hook.INPUT) : Optional.empty(),
        0,
        true,
        List.of());
  }

  private static Remedy accept(
      Packet packet, Optional<Firewall.Ruling> ruling, Firewall.Chain... chains) {
    return FilterRemedy.accept(
        "Let it in.", "FW-001", Firewall.of(List.of(chains)), ruling, Firewall.Hook.INPUT, packet);
  }

  @Test
  void ruleOfIptablesHasItsProgramAndItsOpposite() {
    Remedy remedy =
        accept(
            TUNNEL, Optional.empty(), chain(Firewall.Backend.IPTABLES_LEGACY, "ip", "INPUT", true));
    assertThat(remedy.actions())
        .extracting(HostChange::text)
        .containsExactly(
            "iptables-legacy -t filter -I INPUT 1 -p 4 -s 192.0.2.1 -d 192.0.2.2 -i eth0 -j"
                + " ACCEPT");
    RunCommand command = (RunCommand) remedy.actions().get(0);
    assertThat(command.undo())
        .containsExactly(
            "iptables-legacy",
            "-t",
            "filter",
            "-D",
            "INPUT",
            "-p",
            "4",
            "-s",
            "192.0.2.1",
            "-d",
            "192.0.2.2",
            "-i",
            "eth0",
            "-j",
            "ACCEPT");
    assertThat(command.risk()).isEqualTo(Risk.FIREWALL);
  }

  @Test
  void ruleOfNftablesIsMarkedByTheCheck() {
    Packet web = Packet.ipv6(6).to(IpAddress.parse("2001:db8::1")).toPort(80);
    Remedy remedy =
        accept(web, Optional.empty(), chain(Firewall.Backend.NFT, "inet", "input", true));
    assertThat(remedy.actions().get(0).text())
        .contains("inet filter input", "ip6 daddr 2001:db8::1", "tcp dport 80", "lvstun-FW-001");
    assertThat(
            accept(
                    Packet.ipv4(1).icmp(3),
                    Optional.empty(),
                    chain(Firewall.Backend.NFT, "ip", "input", true))
                .actions()
                .get(0)
                .text())
        .contains("meta l4proto 1", "icmp type 3");
  }

  @Test
  void ruleGoesInFrontOfTheChainThatDropsWhereThatIsCalledByAnother() {
    Firewall.Chain own = chain(Firewall.Backend.IPTABLES_NFT, "ip", "own", false);
    Remedy remedy =
        accept(
            TUNNEL,
            Optional.of(new Firewall.Ruling(own, Optional.empty(), true)),
            own,
            chain(Firewall.Backend.NFT, "inet", "input", true),
            chain(Firewall.Backend.IPTABLES_NFT, "ip", "INPUT", true));
    assertThat(remedy.actions().get(0).text()).startsWith("iptables-nft -t filter -I INPUT 1");
  }

  @Test
  void withoutAChainPeopleMustDoIt() {
    Remedy remedy = accept(TUNNEL, Optional.empty());
    assertThat(remedy.actions()).isEmpty();
    assertThat(
            accept(TUNNEL, Optional.empty(), chain(Firewall.Backend.NFT, "ip6", "input", true))
                .actions())
        .isEmpty();
  }
}
