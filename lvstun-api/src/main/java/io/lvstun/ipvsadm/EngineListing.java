// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.Command;
import io.lvstun.ForeignSettings;
import io.lvstun.Protocol;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.rules.Rule;
import io.lvstun.rules.Rules;
import io.lvstun.rules.RulesSyntaxException;
import io.lvstun.state.ServiceState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Persistence engines of services that are not persistent. {@code ipvsadm -L} hides them; {@code
 * ipvsadm -S} prints them.
 *
 * <p>An engine is a module ({@code ip_vs_pe_sip}), which its services keep loaded. Where IPVS is a
 * module and no engine is one of the loaded modules, no service has one, and nothing is run.
 */
final class EngineListing {

  private static final Path MODULES = Path.of("/proc/modules");

  private final Program ipvsadm;
  private final Path modules;

  EngineListing(Program ipvsadm) {
    this(ipvsadm, MODULES);
  }

  EngineListing(Program ipvsadm, Path modules) {
    this.ipvsadm = ipvsadm;
    this.modules = modules;
  }

  /**
   * Reads the engines.
   *
   * @return the settings of the services that have an engine and are not persistent
   */
  Map<ServiceKey, ForeignSettings> read(Program.Purpose purpose) {
    if (!possible()) {
      return Map.of();
    }
    Program.Result result = ipvsadm.run(purpose, List.of("-S", "-n"));
    if (result.exitCode() != 0) {
      throw Refusals.of(purpose, result.exitCode(), result.error());
    }
    return parse(result.text());
  }

  private boolean possible() {
    boolean ipvsIsModule = false;
    try (Stream<String> lines = Files.lines(modules, StandardCharsets.ISO_8859_1)) {
      for (String line : (Iterable<String>) lines::iterator) {
        if (line.startsWith("ip_vs_pe_")) {
          return true;
        }
        ipvsIsModule |= line.startsWith("ip_vs ");
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      return true;
    }
    return !ipvsIsModule;
  }

  static Map<ServiceKey, ForeignSettings> parse(String text) {
    Map<ServiceKey, ForeignSettings> found = new HashMap<>();
    text.lines()
        .filter(line -> line.startsWith("-A ") && line.contains(" --pe "))
        .flatMap(line -> service(line).stream())
        .forEach(
            service -> service.foreign().ifPresent(foreign -> found.put(service.key(), foreign)));
    return found;
  }

  /** Empty for a line that names a service as only other programs write them. */
  private static Optional<VirtualService> service(String line) {
    try {
      for (Rule rule : Rules.parse(line)) {
        if (rule.command() instanceof Command.AddService add) {
          return Optional.of(add.service());
        }
      }
      return Optional.empty();
    } catch (RulesSyntaxException e) {
      return Optional.empty();
    }
  }

  /** Gives the services their engines. */
  static List<ServiceState> complete(
      List<ServiceState> states, Map<ServiceKey, ForeignSettings> engines) {
    return engines.isEmpty()
        ? states
        : states.stream().map(state -> complete(state, states, engines)).toList();
  }

  private static ServiceState complete(
      ServiceState state, List<ServiceState> all, Map<ServiceKey, ForeignSettings> engines) {
    ForeignSettings engine = engines.get(state.key());
    VirtualService old = state.definition();
    if (engine == null || old.persistence().isPresent() || isAmbiguous(state.key(), all)) {
      return state;
    }
    VirtualService definition =
        VirtualService.observed(
            old.key(), old.scheduler(), null, old.onePacket(), engine, old.realServers());
    return new ServiceState(definition, state.servers(), state.counters(), state.rates());
  }

  /** {@code ipvsadm -S} prints every protocol but TCP and UDP as SCTP. */
  private static boolean isAmbiguous(ServiceKey key, List<ServiceState> all) {
    return key instanceof ServiceKey.Endpoint sctp
        && sctp.protocol().equals(Protocol.SCTP)
        && all.stream()
            .map(ServiceState::key)
            .filter(ServiceKey.Endpoint.class::isInstance)
            .map(ServiceKey.Endpoint.class::cast)
            .anyMatch(
                other ->
                    !other.protocol().equals(Protocol.TCP)
                        && !other.protocol().equals(Protocol.UDP)
                        && !other.protocol().equals(Protocol.SCTP)
                        && other.address().equals(sctp.address())
                        && other.port() == sctp.port());
  }
}
