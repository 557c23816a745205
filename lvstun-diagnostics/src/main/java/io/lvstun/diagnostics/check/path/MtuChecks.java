// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.path;

import io.lvstun.IpAddress;
import io.lvstun.Protocol;
import io.lvstun.ServiceKey;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.ProbeVerdicts;
import io.lvstun.diagnostics.check.relation.Remedies;
import io.lvstun.diagnostics.check.relation.SkipReasons;
import io.lvstun.diagnostics.check.relation.TunnelPath;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.EthernetCard;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.link.RouteFacts;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.host.Risk;
import io.lvstun.host.RunCommand;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * MTU: whether a client's packets fit through the tunnel.
 *
 * @since 0.1.0
 */
public final class MtuChecks {

  private static final String PMTU_DISC = "net/ipv4/vs/pmtu_disc";

  /** Headers of IPv4 and UDP. */
  private static final int IPV4_AND_UDP = 28;

  private MtuChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of(Codes.PATH_MTU, "tunnel-path-mtu")
            .title("Clients' full-size packets fit into the tunnels")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            // What real servers announce can be put right by a command; the network's MTU cannot.
            .symptomOf(Codes.ANNOUNCED_MSS)
            .symptom("Small requests work, uploads stall")
            .why(
                "The tunnel's header takes 20 bytes (GUE 32, IPv6 40): over links of 1500 bytes a"
                    + " client's full packet does not fit. The director then asks the client by"
                    + " ICMP for smaller ones, which firewalls on the way often drop.")
            .remedy(
                "Best: an MTU of 1520 or more between director and real servers. Otherwise let real"
                    + " servers announce a smaller MSS: advmss on the default route, or TCPMSS.")
            .source("Linux net/netfilter/ipvs/ip_vs_xmit.c, __ip_vs_get_out_rt; measured")
            .examine(MtuChecks::path),
        Check.of(Codes.ANNOUNCED_MSS, "announced-mss")
            .title("The real server announces an MSS that fits the tunnel")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptomOf(Codes.FILTER_ICMP)
            .symptom("Small requests work, uploads stall")
            .why(
                "How large a client's segments are is decided by the MSS in the real server's"
                    + " SYN-ACK, which it takes from its own card, as if there were no tunnel. Only"
                    + " a warning, unless a probe sees uploads stall.")
            .remedy(
                "Let it announce less: advmss on the default route, or a rule that sets the MSS of"
                    + " what comes from the virtual address.")
            .source("RFC 6691; measured with advmss and with TCPMSS")
            .examine(MtuChecks::clamp),
        Check.of("MTU-003", "pmtu-discovery")
            .title("The director does not fragment clients' packets")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Real servers are busy with putting fragments together")
            .why(
                "With net.ipv4.vs.pmtu_disc 0 IPVS tunnels a packet that does not fit in two"
                    + " pieces. It works, but each lost piece costs the whole packet, and all"
                    + " pieces go to one receive queue.")
            .remedy("Let real servers announce a smaller MSS first, then set pmtu_disc back to 1.")
            .source("Linux ipvs-sysctl.rst, pmtu_disc; measured: 274 fragments for 200 kB")
            .examine(MtuChecks::fragments),
        Check.of(Codes.ICMP_STORM, "icmp-storm")
            .title("No storm of fragmentation-needed messages")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptomOf(Codes.PATH_MTU)
            .symptom("Latency peaks of 200 ms and more, again every ten minutes")
            .why(
                "Each client learns by ICMP that its packets are too large, waits for its timer,"
                    + " and forgets it again after 600 seconds.")
            .remedy("Let real servers announce a smaller MSS, or raise the MTU of the tunnels.")
            .source("Linux ip-sysctl.rst, route/mtu_expires; measured")
            .examine(MtuChecks::storm),
        Check.of(Codes.GRO_BEFORE_TUNNEL, "gro-before-tunnel")
            .title("GRO builds no packets larger than the tunnel MTU")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptomOf(Codes.PATH_MTU)
            .symptom("Packets of more than 1480 bytes are lost, until GRO is switched off")
            .why(
                "IPVS does not check the size of packets that generic receive offload has put"
                    + " together. When they are taken apart again behind the tunnel, each is too"
                    + " large, and nobody tells the client.")
            .remedy("Let real servers announce a smaller MSS; or ethtool -K DEVICE gro off.")
            .source("Linux net/netfilter/ipvs/ip_vs_xmit.c, ensure_mtu_is_adequate")
            .examine(MtuChecks::offload),
        Check.of("MTU-006", "udp-datagrams")
            .title("UDP datagrams fit into the tunnels")
            .severity(Severity.WARN)
            .on(Role.CLUSTER)
            .symptom("Large UDP datagrams are lost")
            .why("There is no MSS in UDP that could be made smaller: the application decides.")
            .remedy("Raise the MTU of the tunnels, or let the application send less.")
            .source("RFC 8085, section 3.2")
            .examine(MtuChecks::udp),
        Check.of("MTU-007", "mtu-alike")
            .title("Director and real server have the same MTU")
            .severity(Severity.INFO)
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Large packets vanish between two hosts of one segment")
            .why(
                "A switch drops what is larger than the receiver's MTU, and nobody is told: there"
                    + " is no router between them that could.")
            .remedy("Give all cards of a segment the same MTU.")
            .source("RFC 4821, section 2")
            .examine(MtuChecks::alike));
  }

  /** Why a director's tunnels need not be looked at. */
  private static Optional<String> noTunnel(Subject subject) {
    if (subject.cluster().usesBy(subject.member()).isEmpty()) {
      // Either there is no table, or it is not known, and then get() says why.
      return Optional.of(
          subject.facts().ipvs().get().present()
              ? "the table has no real server"
              : "IPVS is not loaded");
    }
    return TunnelPath.of(subject.cluster(), subject.member()).isEmpty()
        ? Optional.of("no real server is reached through a tunnel")
        : Optional.empty();
  }

  private static Finding path(Subject subject) {
    Optional<String> skip = noTunnel(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    Set<String> seen = new LinkedHashSet<>();
    Set<String> small = new LinkedHashSet<>();
    boolean clamped = false;
    Optional<String> unknown = Optional.empty();
    for (TunnelPath path : TunnelPath.of(subject.cluster(), subject.member())) {
      if (path.inner().isEmpty()) {
        unknown = Optional.of(path.mtu().reason());
        continue;
      }
      seen.add(path.server() + " path " + path.mtu().get() + ", for clients " + path.inner().get());
      clamped |= path.narrow() && path.clamped();
      if (path.small()) {
        small.add(path.server());
      }
    }
    String evidence = String.join("\n", seen);
    if (!small.isEmpty()) {
      return subject
          .warn(
              "packets of "
                  + TunnelPath.CLIENT_MTU
                  + " bytes do not fit into the tunnel to "
                  + String.join(", ", small))
          .expected(
              "an MTU of "
                  + TunnelPath.CLIENT_MTU
                  + " inside the tunnel, or real servers that announce a smaller MSS")
          .evidence("ip route get, ip link", evidence)
          .remedy(
              Remedy.manual(
                  "Raise the MTU between director and real servers to 1520 (GUE: 1532), or let"
                      + " the real servers announce a smaller MSS: see MTU-002."))
          .finding();
    }
    if (unknown.isPresent()) {
      return subject.error(unknown.get());
    }
    return subject
        .pass(
            clamped
                ? "full packets do not fit, but the real servers announce a smaller MSS"
                : "full packets fit")
        .evidence("ip route get, ip link", evidence)
        .finding();
  }

  /** The tunnels that lead to a real server. */
  private static List<TunnelPath> pathsTo(Subject subject) {
    Set<InetAddress> own = subject.cluster().realAddresses(subject.member());
    List<TunnelPath> paths = new ArrayList<>();
    for (Member director : subject.cluster().members(Role.DIRECTOR)) {
      TunnelPath.of(subject.cluster(), director).stream()
          .filter(path -> own.contains(path.use().realAddress()))
          .forEach(paths::add);
    }
    return paths;
  }

  private static Finding clamp(Subject subject) {
    List<TunnelPath> paths = pathsTo(subject);
    if (paths.isEmpty()) {
      return subject.skip("no director sends through a tunnel to it");
    }
    List<TunnelPath> narrow = paths.stream().filter(TunnelPath::narrow).toList();
    Optional<TunnelPath> unknown =
        paths.stream().filter(path -> path.inner().isEmpty()).findFirst();
    if (narrow.isEmpty()) {
      return unknown.isPresent()
          ? subject.error(unknown.get().mtu().reason())
          : subject.pass("full packets fit into the tunnel").finding();
    }
    // What cannot be read is not taken for missing.
    String routes = subject.facts().routes().get().isEmpty() ? "no routes" : "no advmss";
    boolean unfiltered = subject.facts().firewall().get().empty();
    int segment =
        narrow.stream().flatMap(path -> path.segment().stream()).min(Integer::compare).orElse(0);
    if (narrow.stream().allMatch(TunnelPath::clamped)) {
      return subject.pass("it announces an MSS of at most " + segment).finding();
    }
    String observed = "it announces a larger MSS than the " + segment + " that fit into the tunnel";
    // As long as clients learn by ICMP what fits, it only costs them time.
    return (ProbeVerdicts.uploadsStall(subject.cluster())
            ? subject.fail(observed + ", and uploads stall (PRB-003)")
            : subject.warn(observed))
        .expected("an MSS of at most " + segment)
        .evidence(
            "ip route, packet filter",
            routes + ", " + (unfiltered ? "no packet filter" : "no rule that sets the MSS"))
        .remedy(announce(subject, segment))
        .finding();
  }

  /** A table of its own, so that it is out of the way of others and easily taken back. */
  private static Remedy announce(Subject subject, int segment) {
    String text =
        "Set the MSS of what comes from the virtual address to "
            + segment
            + ", in a table of its own. (advmss "
            + segment
            + " on the default route does it for all connections.)";
    if (!subject.facts().identity().get().tools().contains("nft")) {
      return Remedy.manual(text);
    }
    StringBuilder rules = new StringBuilder();
    Set<String> families = new TreeSet<>();
    for (InetAddress virtual : subject.cluster().virtualAddresses(subject.member())) {
      String family = virtual instanceof Inet4Address ? "ip" : "ip6";
      families.add(family);
      rules
          .append("; add rule inet lvstun_mss output ")
          .append(family)
          .append(" saddr ")
          .append(IpAddress.format(virtual))
          .append(" tcp flags syn tcp option maxseg size > ")
          .append(segment)
          .append(" tcp option maxseg size set ")
          .append(segment);
    }
    if (families.isEmpty()) {
      return Remedy.manual(text);
    }
    return Remedy.of(
        text,
        new RunCommand(
            List.of(
                "nft",
                "add table inet lvstun_mss; add chain inet lvstun_mss output"
                    + " { type filter hook output priority mangle; }"
                    + rules),
            List.of("nft", "delete", "table", "inet", "lvstun_mss"),
            Risk.FIREWALL));
  }

  private static Finding fragments(Subject subject) {
    Optional<String> skip = noTunnel(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    OptionalInt value = subject.facts().sysctls().get().number(PMTU_DISC);
    if (value.isEmpty()) {
      return subject.skip("the kernel has no net.ipv4.vs.pmtu_disc here");
    }
    String evidence = "net.ipv4.vs.pmtu_disc=" + value.getAsInt();
    if (value.getAsInt() != 0) {
      return subject.pass("it does not").evidence("/proc/sys", evidence).finding();
    }
    List<TunnelPath> paths = TunnelPath.of(subject.cluster(), subject.member());
    Remedy remedy =
        Remedies.sysctl(
            "Set it back to 1, once the real servers announce a smaller MSS (MTU-002).",
            PMTU_DISC,
            1);
    if (paths.stream().noneMatch(TunnelPath::narrow)) {
      return subject
          .note("it would, but full packets fit into the tunnels")
          .evidence("/proc/sys", evidence)
          .finding();
    }
    Subject.Draft draft =
        subject
            .warn("it does: pmtu_disc is 0, and full packets do not fit into the tunnels")
            .expected("net.ipv4.vs.pmtu_disc 1, and real servers that announce a smaller MSS")
            .evidence("/proc/sys", evidence)
            .remedy(remedy);
    SkipReasons.growth(subject.member(), "Ip.FragCreates")
        .ifPresent(text -> draft.evidence("/proc/net/snmp", text));
    return draft.finding();
  }

  private static Finding storm(Subject subject) {
    Optional<String> skip = noTunnel(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    if (TunnelPath.of(subject.cluster(), subject.member()).stream().noneMatch(TunnelPath::small)) {
      return subject.skip("clients send nothing that does not fit");
    }
    String counter = "IcmpMsg.OutType3";
    OptionalLong growth = subject.facts().counters().get().growth(counter);
    if (growth.isEmpty()) {
      // The kernel names a type only once there was one.
      counter = "Icmp.OutDestUnreachs";
      growth = subject.facts().counters().get().growth(counter);
    }
    if (growth.isEmpty()) {
      return subject.error("there is only one sample of the counters");
    }
    String evidence = SkipReasons.growth(subject.member(), counter).orElse("");
    if (growth.getAsLong() == 0) {
      return subject.pass("it does not").evidence("/proc/net/snmp", evidence).finding();
    }
    return subject
        .warn("it sends ICMP unreachable to clients whose packets do not fit")
        .expected("no such messages while clients send")
        .evidence("/proc/net/snmp", evidence)
        .remedy(
            Remedy.manual("Let the real servers announce a smaller MSS: MTU-002 has the commands."))
        .finding();
  }

  private static Finding offload(Subject subject) {
    Optional<String> skip = noTunnel(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    if (TunnelPath.of(subject.cluster(), subject.member()).stream().noneMatch(TunnelPath::small)) {
      return subject.skip("clients send nothing that does not fit");
    }
    List<String> merging =
        subject.facts().cards().get().stream()
            .filter(card -> card.on("generic-receive-offload").orElse(false))
            .map(EthernetCard::device)
            .toList();
    List<String> on =
        subject.facts().links().get().stream()
            .filter(link -> link.arp() && link.up() && merging.contains(link.name()))
            .map(LinkFacts::name)
            .toList();
    if (on.isEmpty()) {
      return subject.pass("generic receive offload is off").finding();
    }
    return subject
        .warn("generic receive offload is on for " + String.join(", ", on))
        .expected("packets that fit, or generic receive offload off")
        .evidenceLines("ethtool", "## features", "generic-receive-offload:")
        .remedy(
            Remedy.manual(
                "Let the real servers announce a smaller MSS: MTU-002 has the commands. To try it"
                    + " out: ethtool -K "
                    + on.get(0)
                    + " gro off."))
        .finding();
  }

  private static Finding udp(Subject subject) {
    Set<String> narrow = new LinkedHashSet<>();
    boolean any = false;
    int least = Integer.MAX_VALUE;
    for (Member director : subject.cluster().members(Role.DIRECTOR)) {
      for (TunnelPath path : TunnelPath.of(subject.cluster(), director)) {
        if (!(path.use().service().key() instanceof ServiceKey.Endpoint endpoint)
            || !endpoint.protocol().equals(Protocol.UDP)) {
          continue;
        }
        any = true;
        if (path.narrow()) {
          int inner = path.inner().orElse(0);
          narrow.add(endpoint + " to " + path.server() + ": " + inner);
          least = Math.min(least, inner - IPV4_AND_UDP);
        }
      }
    }
    if (!any) {
      return subject.skip("no UDP service goes through a tunnel");
    }
    if (narrow.isEmpty()) {
      return subject.pass("datagrams of a full packet fit").finding();
    }
    return subject
        .warn("datagrams of more than " + least + " bytes do not fit in one packet")
        .expected("1500 bytes inside the tunnel, or an application that sends less")
        .evidence("ip route get, ip link", String.join("\n", narrow))
        .remedy(
            Remedy.manual(
                "Raise the MTU between director and real servers to 1520 (GUE: 1532), or let the"
                    + " application send datagrams of at most "
                    + least
                    + " bytes."))
        .finding();
  }

  private static Finding alike(Subject subject) {
    List<LinkFacts> links = subject.facts().links().get();
    List<Address> addresses = subject.facts().addresses().get();
    List<String> different = new ArrayList<>();
    boolean any = false;
    for (TunnelPath path : pathsTo(subject)) {
      Optional<LinkFacts> card =
          addresses.stream()
              .filter(address -> address.address().equals(path.use().realAddress()))
              .flatMap(
                  address -> links.stream().filter(link -> link.name().equals(address.device())))
              .findFirst();
      Member director = path.use().director();
      Optional<LinkFacts> theirs =
          director
              .facts()
              .routeTo(path.use().realAddress())
              .known()
              .map(RouteFacts::device)
              .flatMap(
                  device ->
                      director.facts().links().known().orElse(List.of()).stream()
                          .filter(link -> link.name().equals(device))
                          .findFirst());
      if (card.isEmpty() || theirs.isEmpty()) {
        continue;
      }
      any = true;
      if (card.get().mtu() != theirs.get().mtu()) {
        different.add(
            card.get().name()
                + " "
                + card.get().mtu()
                + ", "
                + director.name()
                + "'s "
                + theirs.get().name()
                + " "
                + theirs.get().mtu());
      }
    }
    if (!any) {
      return subject.skip("the cards of the tunnel's two ends are not known");
    }
    if (different.isEmpty()) {
      return subject.pass("the MTUs are the same").finding();
    }
    return subject
        .wrong("the MTUs of the tunnel's two ends differ")
        .expected("the same MTU, at least where they share a segment")
        .evidence("ip link", SkipReasons.words(different))
        .remedy(Remedy.manual("Give both the same MTU if they are on one segment."))
        .finding();
  }
}
