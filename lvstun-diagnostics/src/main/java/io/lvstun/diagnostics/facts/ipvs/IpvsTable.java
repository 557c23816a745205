// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.ipvs;

import io.lvstun.ForeignText;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.facts.section.Sections;
import io.lvstun.rules.ServicesFile;
import io.lvstun.rules.SettingsListing;
import io.lvstun.state.Counters;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The IPVS table of a host.
 *
 * @param present whether IPVS is there at all; if not, the rest is empty
 * @param source where it is from, for example {@code driver netlink} or {@code ipvsadm}
 * @param services the services with their real servers; counters are of the second sample
 * @param encapsulationKnown whether the kind of tunnel of each server is known: {@code /proc} alone
 *     does not tell it, and {@code ipip} stands there then
 * @param earlier counters of the first sample, by service and server
 * @param timeouts the connection time-outs
 * @param syncDaemons the sync daemons that run
 * @param connections how many entries of the connection table there are, by server and state
 * @since 0.1.0
 */
public record IpvsTable(
    boolean present,
    String source,
    List<ServiceState> services,
    boolean encapsulationKnown,
    Map<ServiceKey, Map<ServerKey, Counters>> earlier,
    Fact<Timeouts> timeouts,
    Fact<List<SyncDaemon>> syncDaemons,
    Fact<List<ConnectionCount>> connections) {

  /** Section with what a driver of this process read; the second sample. */
  public static final String DRIVER = "ipvs-driver";

  /** Section with what a driver of this process read before; the first sample. */
  public static final String DRIVER_EARLIER = "ipvs-driver.1";

  /** What {@code grep -H} puts before each line. */
  private static final String GREP_PREFIX = "(?m)^[^:\n]*:";

  /** Copies the collections. */
  public IpvsTable {
    services = List.copyOf(services);
    earlier = Map.copyOf(earlier);
  }

  /**
   * Entries of the connection table that have the same server and state.
   *
   * @param service the protocol, virtual address and port they have
   * @param server the real server
   * @param state the kernel's name of the state, for example {@code SYN_RECV}; {@code NONE} for
   *     persistence templates
   * @param count how many there are
   * @since 0.1.0
   */
  public record ConnectionCount(String service, ServerKey server, String state, long count) {}

  /**
   * Returns a service.
   *
   * @param key what identifies it
   * @return empty if there is none
   */
  public Optional<ServiceState> service(ServiceKey key) {
    return services.stream().filter(service -> service.key().equals(key)).findFirst();
  }

  /**
   * Returns how many connections a real server was given between the two samples.
   *
   * @param service the service
   * @param server the real server
   * @return empty if one of the samples lacks it
   */
  public OptionalLong newConnections(ServiceKey service, ServerKey server) {
    Counters before = earlier.getOrDefault(service, Map.of()).get(server);
    Optional<ServerState> now =
        service(service).stream()
            .flatMap(state -> state.servers().stream())
            .filter(state -> state.key().equals(server))
            .findFirst();
    return before == null || now.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(now.get().counters().connections() - before.connections());
  }

  static IpvsTable absent() {
    return new IpvsTable(
        false,
        "",
        List.of(),
        true,
        Map.of(),
        Fact.unknown("IPVS is not loaded"),
        Fact.unknown("IPVS is not loaded"),
        Fact.unknown("IPVS is not loaded"));
  }

  /** Reads the table from the best section that there is. */
  public static Fact<IpvsTable> of(Sections facts) {
    Fact<String> proc = facts.text("ipvs");
    Fact<List<ConnectionCount>> connections =
        facts.section("ipvs-connections").isPresent()
            ? facts.understand("ipvs-connections", IpvsText::connections)
            : Fact.unknown("the connection table was not read");
    Optional<Section> driver =
        facts.section(DRIVER).filter(section -> section.state() == Section.State.READ);
    if (driver.isPresent()) {
      return ofDriver(facts, connections);
    }
    if (proc.known().isEmpty()) {
      return Fact.unknown(proc.reason());
    }
    if (proc.get().isEmpty()) {
      return Fact.of(absent());
    }
    try {
      return Fact.of(ofText(facts, proc.get(), connections));
    } catch (IllegalArgumentException e) {
      return Fact.unknown(
          "cannot understand the IPVS table: "
              + ForeignText.printable(String.valueOf(e.getMessage())));
    }
  }

  private static Fact<IpvsTable> ofDriver(Sections facts, Fact<List<ConnectionCount>> connections) {
    Fact<IpvsJson> now = facts.understand(DRIVER, IpvsJson::parse);
    if (now.known().isEmpty()) {
      return Fact.unknown(now.reason());
    }
    Map<ServiceKey, Map<ServerKey, Counters>> earlier = new LinkedHashMap<>();
    facts
        .understand(DRIVER_EARLIER, IpvsJson::parse)
        .known()
        .ifPresent(
            before ->
                before
                    .services()
                    .forEach(
                        service -> {
                          Map<ServerKey, Counters> servers = new LinkedHashMap<>();
                          service
                              .servers()
                              .forEach(server -> servers.put(server.key(), server.counters()));
                          earlier.put(service.key(), servers);
                        }));
    return Fact.of(
        new IpvsTable(
            true,
            "driver " + now.get().driver(),
            now.get().services(),
            true,
            earlier,
            Fact.of(now.get().timeouts()),
            Fact.of(now.get().syncDaemons()),
            connections));
  }

  /** From /proc, with what ipvsadm adds to it where it is installed. */
  private static IpvsTable ofText(
      Sections facts, String proc, Fact<List<ConnectionCount>> connections) {
    List<ServiceState> services = ServicesFile.parse(proc.replaceAll(GREP_PREFIX, ""));
    Fact<List<ServiceState>> saved = facts.understand("ipvs-save", IpvsText::saved);
    Fact<Map<ServiceKey, Map<ServerKey, Counters>>> first =
        facts.understand("ipvs-statistics.1", IpvsText::statistics);
    Fact<Map<ServiceKey, Map<ServerKey, Counters>>> second =
        facts.understand("ipvs-statistics.2", IpvsText::statistics);
    Map<ServiceKey, Map<ServerKey, Counters>> latest = second.known().orElse(Map.of());
    Fact<Map<ServiceKey, Map<ServerKey, long[]>>> thresholds =
        facts.understand("ipvs-thresholds", IpvsText::thresholds);
    List<ServiceState> merged = new ArrayList<>();
    for (ServiceState service : services) {
      Optional<ServiceState> configured =
          saved.known().stream()
              .flatMap(List::stream)
              .filter(one -> one.key().equals(service.key()))
              .findFirst();
      merged.add(
          merged(
              service,
              configured,
              latest.getOrDefault(service.key(), Map.of()),
              thresholds.known().orElse(Map.of()).getOrDefault(service.key(), Map.of())));
    }
    return new IpvsTable(
        true,
        saved.known().isPresent() ? "ipvsadm" : "/proc/net/ip_vs",
        merged,
        saved.known().isPresent(),
        first.known().orElse(Map.of()),
        facts.understand("ipvs-timeouts", SettingsListing::timeouts),
        facts.understand(
            "ipvs-daemons", text -> SettingsListing.daemons(text.isBlank() ? "" : text)),
        connections);
  }

  private static ServiceState merged(
      ServiceState live,
      Optional<ServiceState> configured,
      Map<ServerKey, Counters> counters,
      Map<ServerKey, long[]> thresholds) {
    List<ServerState> servers = new ArrayList<>();
    for (ServerState server : live.servers()) {
      RealServer definition =
          configured.stream()
              .flatMap(service -> service.servers().stream())
              .filter(one -> one.key().equals(server.key()))
              .map(ServerState::definition)
              .findFirst()
              .orElse(server.definition());
      long[] bounds = thresholds.getOrDefault(server.key(), new long[] {0, 0});
      servers.add(
          new ServerState(
              new RealServer(
                  definition.address(),
                  definition.port(),
                  definition.forwarding(),
                  server.definition().weight(),
                  bounds[0],
                  bounds[1]),
              server.activeConnections(),
              server.inactiveConnections(),
              server.persistentConnections(),
              counters.getOrDefault(server.key(), Counters.ZERO),
              server.rates()));
    }
    return IpvsText.state(
        live.key(), configured.map(ServiceState::definition).orElse(live.definition()), servers);
  }
}
