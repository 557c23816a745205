// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.firewall.Firewall;
import io.lvstun.diagnostics.facts.firewall.Firewall.Backend;
import io.lvstun.diagnostics.facts.firewall.Firewall.Chain;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.firewall.Firewall.Ruling;
import io.lvstun.diagnostics.facts.firewall.Packet;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.host.HostChange;
import io.lvstun.host.InsertFirewallRule;
import io.lvstun.host.Risk;
import io.lvstun.host.RunCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A rule that lets a packet pass, in front of the chain that drops it, in its backend's words.
 *
 * @since 0.1.0
 */
public final class FilterRemedy {

  private static final int TCP = 6;
  private static final int UDP = 17;

  private FilterRemedy() {}

  /**
   * Accepts a packet.
   *
   * @param text what that does, a sentence
   * @param code the code of the check, which marks the rule
   * @param firewall the host's filters
   * @param ruling what drops the packet; empty if that is not known
   * @param hook where it is dropped
   * @param packet what is known of the packet
   */
  public static Remedy accept(
      String text,
      String code,
      Firewall firewall,
      Optional<Ruling> ruling,
      Hook hook,
      Packet packet) {
    Optional<Chain> chain = chain(firewall, ruling, hook, packet);
    if (chain.isEmpty()) {
      return Remedy.manual(text);
    }
    return Remedy.of(
        text + " Write it into the host's own rule file too, or a reload takes it away.",
        chain.get().backend() == Backend.NFT
            ? nft(chain.get(), code, packet)
            : iptables(chain.get(), packet));
  }

  private static Optional<Chain> chain(
      Firewall firewall, Optional<Ruling> ruling, Hook hook, Packet packet) {
    Optional<Chain> named = ruling.map(Ruling::chain);
    if (named.filter(chain -> chain.hook().isPresent()).isPresent()) {
      return named;
    }
    List<Chain> base =
        firewall.chains().stream()
            .filter(chain -> chain.hook().filter(hook::equals).isPresent())
            .filter(chain -> !chain.family().equals(packet.ipv6() ? "ip" : "ip6"))
            .toList();
    return named
        .flatMap(
            inner ->
                base.stream()
                    .filter(chain -> chain.backend() == inner.backend())
                    .filter(chain -> chain.family().equals(inner.family()))
                    .filter(chain -> chain.table().equals(inner.table()))
                    .findFirst())
        .or(() -> base.stream().findFirst());
  }

  private static HostChange nft(Chain chain, String code, Packet packet) {
    String family = packet.ipv6() ? "ip6" : "ip";
    List<String> rule = new ArrayList<>();
    packet.source().ifPresent(ip -> rule.addAll(List.of(family, "saddr", IpAddress.format(ip))));
    packet
        .destination()
        .ifPresent(ip -> rule.addAll(List.of(family, "daddr", IpAddress.format(ip))));
    packet
        .in()
        .filter(device -> !device.isEmpty())
        .ifPresent(device -> rule.addAll(List.of("iifname", '"' + device + '"')));
    packet
        .out()
        .filter(device -> !device.isEmpty())
        .ifPresent(device -> rule.addAll(List.of("oifname", '"' + device + '"')));
    String transport = packet.protocol() == TCP ? "tcp" : packet.protocol() == UDP ? "udp" : "";
    if (!transport.isEmpty() && packet.destinationPort().isPresent()) {
      rule.addAll(
          List.of(transport, "dport", Integer.toString(packet.destinationPort().getAsInt())));
    } else {
      rule.addAll(List.of("meta", "l4proto", Integer.toString(packet.protocol())));
    }
    if (packet.icmpType().isPresent()) {
      rule.addAll(
          List.of(
              packet.ipv6() ? "icmpv6" : "icmp",
              "type",
              Integer.toString(packet.icmpType().getAsInt())));
    }
    rule.addAll(List.of("counter", "accept"));
    return new InsertFirewallRule(
        chain.family(), chain.table(), chain.name(), rule, "lvstun-" + code);
  }

  private static HostChange iptables(Chain chain, Packet packet) {
    String program =
        (packet.ipv6() ? "ip6tables" : "iptables")
            + (chain.backend() == Backend.IPTABLES_LEGACY ? "-legacy" : "-nft");
    List<String> tail = new ArrayList<>(List.of("-p", Integer.toString(packet.protocol())));
    packet.source().ifPresent(ip -> tail.addAll(List.of("-s", IpAddress.format(ip))));
    packet.destination().ifPresent(ip -> tail.addAll(List.of("-d", IpAddress.format(ip))));
    if ((packet.protocol() == TCP || packet.protocol() == UDP)
        && packet.destinationPort().isPresent()) {
      tail.addAll(List.of("--dport", Integer.toString(packet.destinationPort().getAsInt())));
    }
    if (packet.icmpType().isPresent()) {
      tail.addAll(
          List.of(
              packet.ipv6() ? "--icmpv6-type" : "--icmp-type",
              Integer.toString(packet.icmpType().getAsInt())));
    }
    packet
        .in()
        .filter(device -> !device.isEmpty())
        .ifPresent(device -> tail.addAll(List.of("-i", device)));
    packet
        .out()
        .filter(device -> !device.isEmpty())
        .ifPresent(device -> tail.addAll(List.of("-o", device)));
    tail.addAll(List.of("-j", "ACCEPT"));
    List<String> insert =
        new ArrayList<>(List.of(program, "-t", chain.table(), "-I", chain.name(), "1"));
    insert.addAll(tail);
    List<String> delete =
        new ArrayList<>(List.of(program, "-t", chain.table(), "-D", chain.name()));
    delete.addAll(tail);
    return new RunCommand(insert, delete, Risk.FIREWALL);
  }
}
