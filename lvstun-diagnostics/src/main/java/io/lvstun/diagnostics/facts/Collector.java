// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts;

import io.lvstun.DriverOptions;
import io.lvstun.ForeignText;
import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.diagnostics.facts.ipvs.IpvsJson;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.script.BundledText;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import io.lvstun.host.HostException;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.IpvsDriverProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Collects facts of hosts. One script, which reads and changes nothing, is run once a host; the
 * IPVS table of hosts that are on this machine is read by a driver of this process besides, which
 * sees more than the tools do.
 *
 * <p>Thread-safe. A host that does not answer gives facts that say so, never an exception.
 *
 * @since 0.1.0
 */
public final class Collector {

  private static final String SCRIPT = BundledText.beside(Collector.class, "collect.sh");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Reads the script from its input: a long argument would be slow to hand over. */
  private static final List<String> RUN_INPUT =
      List.of("/bin/sh", "-c", "eval \"$(cat)\"", "lvstun");

  private final List<IpvsDriverProvider> providers;

  private Collector(List<IpvsDriverProvider> providers) {
    this.providers = providers;
  }

  /**
   * Returns a collector that uses the drivers that {@link ServiceLoader} finds.
   *
   * @return the collector
   */
  public static Collector create() {
    return new Collector(
        ServiceLoader.load(IpvsDriverProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.priority() >= 0)
            .sorted(Comparator.comparingInt(IpvsDriverProvider::priority).reversed())
            .toList());
  }

  static Collector using(List<IpvsDriverProvider> providers) {
    return new Collector(List.copyOf(providers));
  }

  /**
   * Collects everything, in one round trip.
   *
   * @param host the host
   * @param request what to ask besides, and the limits
   * @return the facts; if the host did not answer, facts that say so
   */
  public HostFacts collect(Host host, CollectionRequest request) {
    Instant began = Instant.now();
    long start = System.nanoTime();
    List<Section> drivers = new ArrayList<>();
    boolean ipvs =
        host.driverOptions().isPresent() && Files.isDirectory(Path.of("/sys/module/ip_vs"));
    if (ipvs) {
      readTable(host, IpvsTable.DRIVER_EARLIER).ifPresent(drivers::add);
    }
    try {
      boolean table = drivers.stream().anyMatch(section -> section.state() == Section.State.READ);
      List<Section> sections = new ArrayList<>(run(host, request, "all", table));
      if (table) {
        readTable(host, IpvsTable.DRIVER).ifPresent(drivers::add);
      }
      sections.addAll(drivers);
      return HostFacts.of(host.specification(), began, since(start), 1, sections);
    } catch (LvsException e) {
      return HostFacts.unreachable(host.specification(), began, since(start), e.reason() + hint(e));
    }
  }

  private static String hint(LvsException e) {
    return e.hint().isEmpty() ? "" : ". " + e.hint();
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /**
   * Asks for routes that were not known to be of interest before, in one round trip.
   *
   * @param host the host
   * @param facts what is known of it
   * @param request the addresses and marks to ask for, and the limits
   * @return the facts with the answers
   */
  public HostFacts collectRoutes(Host host, HostFacts facts, CollectionRequest request) {
    if (facts.failure().isPresent() || request.routeTargets().isEmpty()) {
      return facts;
    }
    long start = System.nanoTime();
    try {
      List<Section> sections = run(host, request.sample(Duration.ZERO), "routes", true);
      return facts.with(sections).costing(since(start), 1);
    } catch (LvsException e) {
      return facts
          .with(List.of(Section.unreadable("route-to", "ip route get", e.reason())))
          .costing(since(start), 1);
    }
  }

  private static List<Section> run(
      Host host, CollectionRequest request, String what, boolean table) {
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    String marker = "==lvstun-" + HexFormat.of().formatHex(random);
    List<String> arguments = new ArrayList<>(RUN_INPUT);
    arguments.addAll(
        List.of(
            marker,
            what,
            Long.toString(request.sample().toSeconds()),
            table ? "yes" : "no",
            request.routeTargets().stream().map(IpAddress::format).collect(Collectors.joining(" ")),
            request.marks().stream().map(String::valueOf).collect(Collectors.joining(" ")),
            request.returns().stream()
                .map(way -> IpAddress.format(way.client()) + "," + IpAddress.format(way.virtual()))
                .collect(Collectors.joining(" "))));
    CommandResult result =
        host.run(
            HostCommand.of(arguments)
                .input(SCRIPT)
                .deadline(request.deadline().plus(request.sample()))
                .maxOutput(request.maxOutput()));
    Frames frames = Frames.parse(result.output(), result.errors(), marker);
    if (frames.sections().isEmpty()) {
      throw HostException.of(
          host, "collect facts", nothing(result, request), "Is /bin/sh there, and POSIX?");
    }
    List<Section> sections = new ArrayList<>(frames.sections());
    if (!frames.complete()) {
      sections.add(
          Section.unreadable("end", "the collecting script", incomplete(result, frames, request)));
    }
    return sections;
  }

  private static String nothing(CommandResult result, CollectionRequest request) {
    if (result.timedOut()) {
      return "no facts within " + seconds(request);
    }
    if (result.truncated()) {
      return "more than " + request.maxOutput() + " bytes came, none of them facts";
    }
    String errors = ForeignText.printable(result.errors().strip());
    return "the collecting script ended with status "
        + result.exitCode()
        + (errors.isEmpty() ? "" : ": " + errors);
  }

  private static String incomplete(CommandResult result, Frames frames, CollectionRequest request) {
    String at = frames.open() == null ? "" : ", at section " + frames.open();
    if (result.timedOut()) {
      return "it took longer than " + seconds(request) + at;
    }
    if (result.truncated()) {
      return "it wrote more than " + request.maxOutput() + " bytes" + at;
    }
    return "it ended early with status " + result.exitCode() + at;
  }

  private static String seconds(CollectionRequest request) {
    return request.deadline().plus(request.sample()).toMillis() / 1000.0 + " s";
  }

  private Optional<Section> readTable(Host host, String name) {
    DriverOptions options = host.driverOptions().orElseGet(DriverOptions::defaults);
    @Nullable String problem = null;
    for (IpvsDriverProvider provider : providers) {
      try (IpvsDriver driver = provider.open(options)) {
        return Optional.of(Section.read(name, "driver " + provider.name(), IpvsJson.read(driver)));
      } catch (LvsException e) {
        problem = problem == null ? e.reason() : problem + "; " + e.reason();
      }
    }
    return problem == null
        ? Optional.empty()
        : Optional.of(Section.unreadable(name, "drivers of this process", problem));
  }
}
