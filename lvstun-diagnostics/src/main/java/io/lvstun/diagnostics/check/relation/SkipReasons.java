// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.ServiceKey;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Subject;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Conditions that several checks share; each gives the reason to skip, or nothing.
 *
 * @since 0.1.0
 */
public final class SkipReasons {

  private static final String NO_TUNNEL = "no director reaches it through a tunnel";

  private SkipReasons() {}

  /**
   * The real server gets IPv4 in IPv4 through {@code ipip} or {@code gue}, or it is in no table yet
   * and is taken to: that is the common case, and the one that people prepare for.
   */
  public static Optional<String> notIpip(Subject subject) {
    Member server = subject.member();
    Cluster cluster = subject.cluster();
    List<Cluster.Use> uses = cluster.uses(server);
    if (cluster.strangersOnly(server)) {
      return Optional.of(
          "the director reaches it by "
              + words(cluster.forwardings(server))
              + ", not by IPv4 in IPv4");
    }
    if (uses.isEmpty()) {
      boolean onlyIpv6 =
          !cluster.virtualAddresses().isEmpty()
              && cluster.virtualAddresses().stream()
                  .noneMatch(address -> address instanceof Inet4Address);
      return onlyIpv6 ? Optional.of("the virtual addresses are IPv6") : Optional.empty();
    }
    if (uses.stream().anyMatch(SkipReasons::ipip)) {
      return Optional.empty();
    }
    return Optional.of(
        "the director reaches it by "
            + uses.stream()
                .map(
                    use ->
                        use.server().definition().forwarding()
                            + use.encapsulation().map(kind -> " " + kind).orElse(""))
                .distinct()
                .collect(Collectors.joining(", "))
            + ", not by IPv4 in IPv4");
  }

  /** No tunnel leads to the real server, though it is in a table. */
  public static Optional<String> notTunnelled(Subject subject) {
    List<Cluster.Use> uses = subject.cluster().uses(subject.member());
    return (uses.isEmpty() && !subject.cluster().strangersOnly(subject.member()))
            || uses.stream().anyMatch(use -> use.encapsulation().isPresent())
        ? Optional.empty()
        : Optional.of(NO_TUNNEL);
  }

  /**
   * The services with an address and a port that a real server's clients use: those of the tables
   * that it is in, or, as long as it is in none, all of the cluster.
   */
  public static Set<ServiceKey.Endpoint> endpoints(Subject subject) {
    List<Cluster.Use> uses = subject.cluster().uses(subject.member());
    Stream<ServiceKey> keys =
        uses.isEmpty()
            ? subject.cluster().serviceKeys().stream()
            : uses.stream()
                .filter(use -> use.encapsulation().isPresent())
                .map(use -> use.service().key());
    return keys.filter(ServiceKey.Endpoint.class::isInstance)
        .map(ServiceKey.Endpoint.class::cast)
        .filter(endpoint -> endpoint.port() != 0)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Words joined by commas, each once. */
  public static String words(Collection<?> values) {
    return values.stream().map(String::valueOf).distinct().collect(Collectors.joining(", "));
  }

  /** How much a counter grew while the host was looked at; or else how much it is. */
  public static Optional<String> growth(Member member, String counter) {
    return member
        .facts()
        .counters()
        .known()
        .flatMap(
            counters -> {
              OptionalLong growth = counters.growth(counter);
              if (growth.isPresent()) {
                return Optional.of(
                    counter
                        + " +"
                        + growth.getAsLong()
                        + " in "
                        + counters.window().toMillis()
                        + " ms, "
                        + counters.value(counter).orElse(0)
                        + " since boot");
              }
              OptionalLong value = counters.value(counter);
              return value.isPresent()
                  ? Optional.of(counter + " " + value.getAsLong() + " since boot")
                  : Optional.empty();
            });
  }

  /** Whether packets of a use leave as IPv4 in IPv4, bare or in GUE. */
  static boolean ipip(Cluster.Use use) {
    return use.encapsulation()
            .filter(
                kind ->
                    kind.type() == Encapsulation.TYPE_IPIP || kind.type() == Encapsulation.TYPE_GUE)
            .isPresent()
        && use.service().key().family() == AddressFamily.IPV4
        && use.realAddress() instanceof Inet4Address;
  }

  /** Whether packets of a use leave as protocol 4, not within UDP. */
  public static boolean bareIpip(Cluster.Use use) {
    return ipip(use)
        && use.encapsulation().filter(kind -> kind.type() == Encapsulation.TYPE_IPIP).isPresent();
  }

  /** The IPv4 addresses that a real server needs. */
  public static Set<InetAddress> virtualIpv4(Cluster cluster, Member server) {
    return cluster.virtualAddresses(server).stream()
        .filter(address -> address instanceof Inet4Address)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  public static Set<InetAddress> virtualIpv4(Cluster cluster) {
    return cluster.virtualAddresses().stream()
        .filter(address -> address instanceof Inet4Address)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
