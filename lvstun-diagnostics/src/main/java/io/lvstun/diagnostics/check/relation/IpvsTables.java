// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import io.lvstun.Command;
import io.lvstun.IpAddress;
import io.lvstun.ServerKey;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable.ConnectionCount;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.host.HostChange;
import io.lvstun.host.ManualChange;
import io.lvstun.host.Risk;
import io.lvstun.host.RunCommand;
import io.lvstun.rules.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * What checks of a director's IPVS table and settings share.
 *
 * @since 0.1.0
 */
public final class IpvsTables {

  /** State of the templates that hold persistence; they are no connections. */
  public static final String TEMPLATE = "NONE";

  public static final String SYN_RECEIVED = "SYN_RECV";

  public static final String NO_IPVS = "IPVS is not loaded";

  private IpvsTables() {}

  /** The setting {@code net.ipv4.vs.NAME}, judged; skipped where the kernel does not have it. */
  public static io.lvstun.diagnostics.model.Finding setting(
      Subject subject, String name, IntFunction<io.lvstun.diagnostics.model.Finding> judge) {
    if (!subject.facts().ipvs().get().present()) {
      return subject.skip(NO_IPVS);
    }
    OptionalInt value = subject.facts().sysctls().get().number(path(name));
    return value.isEmpty()
        ? subject.skip("this kernel has no net.ipv4.vs." + name)
        : judge.apply(value.getAsInt());
  }

  public static String path(String setting) {
    return "net/ipv4/vs/" + setting;
  }

  /** How the setting reads in a report. */
  public static String said(String setting, Object value) {
    return "net.ipv4.vs." + setting + " is " + value;
  }

  /** Entries of the connection table, without templates. */
  public static List<ConnectionCount> connections(Subject subject) {
    return subject.facts().ipvs().get().connections().get().stream()
        .filter(one -> !one.state().equals(TEMPLATE))
        .toList();
  }

  public static long count(List<ConnectionCount> connections) {
    return connections.stream().mapToLong(ConnectionCount::count).sum();
  }

  /** Whether a server is in the table, in any service; its port may be 0 in those by mark. */
  public static boolean listed(IpvsTable table, ServerKey server) {
    return table.services().stream()
        .flatMap(service -> service.servers().stream())
        .anyMatch(
            entry ->
                entry.key().address().equals(server.address())
                    && (entry.key().port() == server.port() || entry.key().port() == 0));
  }

  public static String name(ServerKey server) {
    return IpAddress.format(server.address(), server.port());
  }

  /** A change of the table, with {@code ipvsadm}, and what takes it back. */
  public static HostChange action(Command command, List<Command> undo, Risk risk) {
    if (Rules.obstacle(command).isPresent()) {
      return new ManualChange("Change the table: " + command.operation() + " " + command.target());
    }
    return RunCommand.once(
        arguments(command),
        undo.size() == 1 && Rules.obstacle(undo.get(0)).isEmpty()
            ? arguments(undo.get(0))
            : List.of(),
        risk);
  }

  private static List<String> arguments(Command command) {
    List<String> words = new ArrayList<>(List.of("ipvsadm"));
    words.addAll(Rules.arguments(command));
    return words;
  }
}
