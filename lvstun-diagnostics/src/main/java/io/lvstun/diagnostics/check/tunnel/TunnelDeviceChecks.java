// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.tunnel;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.Decapsulation;
import io.lvstun.diagnostics.check.relation.Remedies;
import io.lvstun.diagnostics.check.relation.SkipReasons;
import io.lvstun.diagnostics.check.relation.TestPackets;
import io.lvstun.diagnostics.facts.firewall.Firewall;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.firewall.Firewall.Outcome;
import io.lvstun.diagnostics.facts.firewall.FirewallRule;
import io.lvstun.diagnostics.facts.firewall.Packet;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.machine.Sysctls;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.host.SetAddress;
import io.lvstun.network.Tunnel.Kind;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * TUN: which tunnel device it really is, whose it is, and from whom it takes packets.
 *
 * @since 0.1.0
 */
public final class TunnelDeviceChecks {

  private static final String CALICO_RULE = "Drop IPIP packets from non-Calico hosts";
  private static final Set<String> OWNERS =
      Set.of("calico-node", "calico-felix", "felix", "kube-router", "flanneld");

  /** Of TEST-NET-2: nobody's address, and so no director's. */
  private static final InetAddress STRANGER = IpAddress.parse("198.51.100.77");

  private TunnelDeviceChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of(Codes.TUNNEL_WINNER, "decapsulating-device")
            .title("The intended tunnel device decapsulates")
            .severity(Severity.WARN)
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.TUNNEL_UP)
            .symptom("tunl0 looks right, and still nothing works")
            .why(
                "tunl0 takes only what no other device takes. Another ipip device that is up and"
                    + " has matching ends, or takes its ends from each packet (\"external\"), goes"
                    + " before it, and then that device's settings count.")
            .remedy("Prepare the device that takes the packets as well, or remove it.")
            .source("Linux net/ipv4/ip_tunnel.c, ip_tunnel_lookup; measured")
            .examine(TunnelDeviceChecks::winner),
        Check.of(Codes.CALICO_DEVICE, "calico-drops-ipip")
            .title("Calico does not drop the director's packets")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("On a Kubernetes node, clients wait until they time out")
            .why(
                "Felix, Calico's agent, lets IP in IP in from Calico's own hosts only, so that"
                    + " nobody gets past the policies through a tunnel.")
            .remedy(
                "Add the directors to Calico's externalNodesList, use GUE, or take nodes without"
                    + " Calico.")
            .source("Calico Felix, the rule's own comment")
            .examine(TunnelDeviceChecks::calico),
        Check.of(Codes.TUNL0_OWNER, "tunl0-owner")
            .title("No other software owns tunl0")
            .severity(Severity.WARN)
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.TUNNEL_UP)
            .symptom("tunl0's addresses and MTU change by themselves")
            .why(
                "Calico, kube-router and flannel take tunl0 for their own, and set it as they need"
                    + " it whenever they think that it differs.")
            .remedy("Make a device of your own for the directors' packets: ip link add lvstun0.")
            .source("projectcalico/calico issue 1702, flannel-io/flannel issue 961")
            .examine(TunnelDeviceChecks::owner),
        Check.of("TUN-012", "tunnel-frame-errors")
            .title("The tunnel device drops no packets for ECN marks")
            .severity(Severity.INFO)
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.TUNNEL_UP)
            .symptom("A few percent of the packets are lost")
            .why(
                "A packet that a router on the way marked as congested on the outside, and that"
                    + " inside says it knows no such marks, is dropped and counted as a frame"
                    + " error.")
            .remedy("Find the switch or router that marks packets which are not ECN-capable.")
            .source("RFC 6040; Linux net/ipv4/ip_tunnel.c, ip_tunnel_rcv")
            .examine(TunnelDeviceChecks::frames),
        Check.of("TUN-013", "tunnel-open-to-all")
            .title("Only directors can send packets into the tunnel")
            .severity(Severity.WARN)
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.FILTER_INPUT)
            .symptom("Anyone can send packets past the filters of the network, in a tunnel")
            .why(
                "tunl0 takes packets out of tunnels from anywhere. What is inside seems to come"
                    + " from any address that the sender likes.")
            .remedy("Accept protocol 4 (GUE: the UDP port) from the directors' addresses only.")
            .source("RFC 2003, section 5; flannel-io/flannel issue 961")
            .examine(TunnelDeviceChecks::open));
  }

  private static Finding winner(Subject subject) {
    Optional<String> skip = SkipReasons.notIpip(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    Decapsulation decapsulation = Decapsulation.ipip(subject.cluster(), subject.member());
    if (decapsulation.device().isEmpty()) {
      return subject.skip("no ipip device takes the packets");
    }
    LinkFacts winner = decapsulation.device().get();
    Optional<LinkFacts> fallback =
        decapsulation.devices().stream()
            .filter(link -> link.name().equals(Kind.IPIP.fallbackDevice()))
            .findFirst();
    String evidence =
        decapsulation.devices().stream()
            .map(TunnelDeviceChecks::described)
            .collect(Collectors.joining("\n"));
    if (fallback.isEmpty() || fallback.get().equals(winner) || !fallback.get().up()) {
      return subject.pass(winner.name() + " takes them").evidence("ip -d link", evidence).finding();
    }
    List<Address> addresses = subject.facts().addresses().get();
    if (TunnelChecks.hasIpv4(addresses, winner)) {
      return subject
          .note(winner.name() + " takes them, before tunl0; it has an address of its own")
          .evidence("ip -d link", evidence)
          .finding();
    }
    Remedy remedy =
        Remedy.of(
            "Prepare "
                + winner.name()
                + " as tunl0 was prepared; or take it away, if nobody needs it: ip link delete "
                + winner.name()
                + ".");
    if (subject.facts().sysctls().get().effective("rp_filter", winner.name()) == 1) {
      remedy = Remedies.sysctl(remedy, Sysctls.conf(winner.name(), "rp_filter"), 2);
    }
    for (InetAddress address : SkipReasons.virtualIpv4(subject.cluster(), subject.member())) {
      remedy = remedy.then(SetAddress.present(winner.name(), address, 32));
    }
    return subject
        .warn(winner.name() + " takes the packets, not tunl0: what is set for tunl0 has no effect")
        .expected("the packets on the device that was prepared")
        .evidence("ip -d link", evidence)
        .remedy(remedy)
        .finding();
  }

  private static String described(LinkFacts link) {
    return link.name()
        + (link.up() ? " up" : " down")
        + link.tunnel()
            .map(
                tunnel ->
                    tunnel.external()
                        ? " external"
                        : " local "
                            + tunnel.local().map(IpAddress::format).orElse("any")
                            + " remote "
                            + tunnel.remote().map(IpAddress::format).orElse("any"))
            .orElse("");
  }

  private static Finding calico(Subject subject) {
    Optional<String> skip = TestPackets.notBare(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    Firewall firewall = subject.facts().firewall().get();
    boolean present =
        firewall.chains().stream().anyMatch(chain -> chain.name().startsWith("cali-"));
    if (!present) {
      return subject.skip("there are no chains of Calico");
    }
    Optional<FirewallRule> rule =
        firewall.chains().stream()
            .flatMap(chain -> chain.rules().stream())
            .filter(one -> one.text().contains(CALICO_RULE))
            .findFirst();
    if (rule.isEmpty()) {
      return subject.pass("Calico's chains let protocol 4 through").finding();
    }
    for (Packet packet : TestPackets.outerPackets(subject)) {
      if (firewall.walk(Hook.INPUT, packet).outcome() != Outcome.ACCEPT) {
        return subject
            .fail("Calico drops IP in IP from hosts that are not its own")
            .expected("protocol 4 accepted from the directors")
            .evidence("packet filter", rule.get().text())
            .remedy(
                Remedy.manual(
                    "Add the directors' addresses to externalNodesList in Calico's"
                        + " FelixConfiguration, or tunnel with GUE. A rule put in by hand is lost"
                        + " when Felix writes its chains anew."))
            .finding();
      }
    }
    return subject
        .pass("a rule before Calico's accepts the directors")
        .evidence("packet filter", rule.get().text())
        .finding();
  }

  private static Finding owner(Subject subject) {
    Optional<String> skip = SkipReasons.notIpip(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    Decapsulation decapsulation = Decapsulation.ipip(subject.cluster(), subject.member());
    if (decapsulation
        .device()
        .filter(link -> link.name().equals(Kind.IPIP.fallbackDevice()))
        .isEmpty()) {
      return subject.pass("the packets do not go to tunl0").finding();
    }
    Set<InetAddress> virtual = subject.cluster().virtualAddresses();
    List<Address> foreign =
        subject.facts().addresses().get().stream()
            .filter(address -> address.device().equals(Kind.IPIP.fallbackDevice()))
            .filter(address -> address.address() instanceof Inet4Address)
            .filter(address -> !virtual.contains(address.address()))
            .filter(address -> !address.address().isLoopbackAddress())
            .toList();
    Set<String> owners =
        subject.facts().processes().get().stream()
            .filter(OWNERS::contains)
            .collect(Collectors.toSet());
    if (foreign.isEmpty()) {
      return subject.pass("tunl0 has no address of anybody else").finding();
    }
    String evidence = foreign.stream().map(Address::toString).collect(Collectors.joining("\n"));
    if (owners.isEmpty()) {
      return subject
          .note("tunl0 has an address that is not virtual: " + foreign.get(0))
          .evidence("ip address", evidence)
          .finding();
    }
    return subject
        .warn("tunl0 is owned by " + SkipReasons.words(owners))
        .expected("a device that nobody else sets")
        .evidence("ip address", evidence)
        .evidence("processes", SkipReasons.words(owners))
        .remedy(
            Remedy.manual(
                "Make a device for each director: ip link add lvstun0 type ipip local RIP remote"
                    + " DIP; it goes before tunl0. Then prepare it as tunl0 would be."))
        .finding();
  }

  private static Finding frames(Subject subject) {
    List<LinkFacts> devices =
        new ArrayList<>(
            Decapsulation.devices(subject.cluster(), subject.member(), AddressFamily.IPV4));
    devices.addAll(Decapsulation.devices(subject.cluster(), subject.member(), AddressFamily.IPV6));
    if (devices.isEmpty()) {
      return subject.skip("no tunnel leads to it");
    }
    for (LinkFacts device : devices) {
      String counter = "dev." + device.name() + ".rx_frame";
      OptionalLong growth = subject.facts().counters().get().growth(counter);
      if (growth.isPresent() && growth.getAsLong() > 0) {
        return subject
            .wrong(device.name() + " drops packets for their ECN marks or their form")
            .expected("no frame errors")
            .evidence("/proc/net/dev", SkipReasons.growth(subject.member(), counter).orElse(""))
            .remedy(
                Remedy.manual(
                    "Find out which router marks packets as congested (CE) that are not"
                        + " ECN-capable."))
            .finding();
      }
    }
    return subject.pass("no frame errors").finding();
  }

  private static Finding open(Subject subject) {
    Optional<String> skip = SkipReasons.notTunnelled(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    List<LinkFacts> devices =
        Decapsulation.devices(subject.cluster(), subject.member(), AddressFamily.IPV4);
    if (!devices.isEmpty()
        && devices.stream()
            .allMatch(device -> device.tunnel().flatMap(LinkFacts.Tunnel::remote).isPresent())) {
      return subject.pass("the tunnel device takes packets from one director only").finding();
    }
    Firewall firewall = subject.facts().firewall().get();
    boolean filtered =
        firewall.chains().stream()
            .filter(chain -> chain.hook().filter(Hook.INPUT::equals).isPresent())
            .filter(chain -> !chain.family().equals("arp") && !chain.family().equals("bridge"))
            .anyMatch(chain -> chain.dropping() || !chain.rules().isEmpty());
    if (!filtered) {
      return subject
          .note("no packet filter keeps others from putting packets into the tunnel")
          .finding();
    }
    for (Packet packet : TestPackets.outerPackets(subject)) {
      Firewall.Verdict verdict = firewall.walk(Hook.INPUT, packet.from(STRANGER));
      if (verdict.outcome() == Outcome.ACCEPT) {
        return subject
            .warn(TestPackets.described(packet) + " is accepted from any address")
            .expected("accepted from the directors' addresses only")
            .evidence(
                "packet filter", verdict.reason().isEmpty() ? "no rule drops it" : verdict.reason())
            .remedy(
                Remedy.manual(
                    "Accept it from the directors' addresses, and drop it from others after"
                        + " that."))
            .finding();
      }
    }
    return subject.pass("others are kept out").finding();
  }
}
