// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import io.lvstun.SyncDaemon;
import io.lvstun.cluster.HighAvailability;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.facts.ipvs.Keepalived;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.link.RouteFacts;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Member;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * How the directors share the work: as stated, or else as it looks.
 *
 * @since 0.1.0
 */
public final class Availability {

  private static final Set<String> ROUTING = Set.of("bird", "bird6", "bgpd", "zebra", "exabgp");

  private Availability() {}

  public static HighAvailability of(Cluster cluster) {
    HighAvailability stated = cluster.statement().get().highAvailability();
    if (stated != HighAvailability.UNSTATED) {
      return stated;
    }
    List<Member> directors = answering(cluster);
    if (directors.size() < 2) {
      return HighAvailability.UNSTATED;
    }
    if (directors.stream().anyMatch(Availability::vrrp)) {
      return HighAvailability.VRRP;
    }
    boolean everywhere =
        !cluster.virtualAddresses().isEmpty()
            && cluster.virtualAddresses().stream()
                .allMatch(address -> owners(cluster, address).size() > 1);
    boolean routing =
        directors.stream()
            .flatMap(director -> director.facts().processes().known().orElse(Set.of()).stream())
            .anyMatch(ROUTING::contains);
    return everywhere && routing ? HighAvailability.ECMP : HighAvailability.UNSTATED;
  }

  /** The directors of which facts are known. */
  public static List<Member> answering(Cluster cluster) {
    return cluster.members(Role.DIRECTOR).stream()
        .filter(director -> director.facts().failure().isEmpty())
        .toList();
  }

  /**
   * The director that is to have the addresses when nothing else decides it: the one that sends the
   * state of its connections, or else the first. At least one must have answered.
   */
  public static Member mainDirector(Cluster cluster) {
    return mainOf(answering(cluster));
  }

  /** The director of some that is to have an address, when nothing else decides it. */
  public static Member mainOf(List<Member> directors) {
    return directors.stream()
        .filter(
            director ->
                daemons(director).stream().anyMatch(one -> one.role() == SyncDaemon.Role.MASTER))
        .findFirst()
        .orElseGet(() -> directors.get(0));
  }

  /** The sync daemons that run on a director, as far as that is known. */
  public static List<SyncDaemon> daemons(Member director) {
    return director
        .facts()
        .ipvs()
        .known()
        .flatMap(table -> table.syncDaemons().known())
        .orElse(List.of());
  }

  /** Whether keepalived runs here, or is set up to, with a VRRP instance. */
  public static boolean vrrp(Member director) {
    List<Keepalived.Instance> instances =
        director.facts().keepalived().known().map(Keepalived::instances).orElse(List.of());
    return !instances.isEmpty() && keepalivedRuns(director);
  }

  public static boolean keepalivedRuns(Member director) {
    return director.facts().processes().known().orElse(Set.of()).contains("keepalived");
  }

  /** The directors that take a virtual address for their own. */
  public static List<Member> owners(Cluster cluster, InetAddress address) {
    return answering(cluster).stream()
        .filter(director -> local(director, address).known().orElse(false))
        .toList();
  }

  /** Whether packets to an address are the host's own. */
  public static Fact<Boolean> local(Member host, InetAddress address) {
    Fact<RouteFacts> route = host.facts().routeTo(address);
    if (route.known().isPresent()) {
      return route.map(RouteFacts::local);
    }
    return host.facts()
        .addresses()
        .map(
            all ->
                all.stream().anyMatch(one -> one.address().equals(address))
                    || host.facts().routes().known().orElse(List.of()).stream()
                        .anyMatch(one -> one.local() && one.covers(address)));
  }

  /** Whether two directors would both answer ARP for an address, on the same segment. */
  public static boolean bothAnswer(Member a, Member b, InetAddress address) {
    return networks(a, address).stream()
        .anyMatch(
            one ->
                networks(b, address).stream()
                    .anyMatch(
                        other ->
                            one.prefixLength() == other.prefixLength()
                                && one.covers(other.address())));
  }

  /** The networks of the device that has the address, if that device answers ARP. */
  private static List<Address> networks(Member host, InetAddress address) {
    List<Address> all = host.facts().addresses().known().orElse(List.of());
    Set<String> devices =
        host.facts().links().known().orElse(List.of()).stream()
            .filter(LinkFacts::arp)
            .map(LinkFacts::name)
            .collect(java.util.stream.Collectors.toSet());
    return all.stream()
        .filter(one -> one.address().equals(address) && devices.contains(one.device()))
        .flatMap(owner -> all.stream().filter(one -> one.device().equals(owner.device())))
        .filter(one -> !one.address().equals(address))
        .filter(one -> one.prefixLength() < one.address().getAddress().length * 8)
        .toList();
  }
}
