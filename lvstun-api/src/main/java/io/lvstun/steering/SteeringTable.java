// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import io.lvstun.ForeignText;
import io.lvstun.LvsException;
import io.lvstun.UnsupportedException;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The nftables table of a director that marks packets to steered addresses. This library owns it:
 * it replaces the table in one transaction, removes it completely, and touches nothing else.
 *
 * <p>IPVS compares the whole mark of a packet, and nft cannot combine a map with bits that are
 * kept. So the mark of a packet to a steered address is this table's alone: rules of others that
 * set marks are refused, unless {@link #overrideForeignMarks()} is asked for.
 *
 * <p>Thread-safe: calls follow one another. Holds no resources. Needs {@code nft} 1.0 or later on
 * the host, CAP_NET_ADMIN there, and Linux 5.16 or later for payload rules.
 *
 * @since 0.1.0
 */
public final class SteeringTable {

  private static final String NAME = "lvstun_steering";
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  /** What sets marks, as {@code nft} prints it, rules of iptables-nft included. */
  private static final Pattern SETS_MARK =
      Pattern.compile("meta mark set|xt target \"(MARK|CONNMARK)\"");

  private final Host host;
  private final String table;
  private final boolean override;
  private final Duration deadline;

  private SteeringTable(Host host, String table, boolean override, Duration deadline) {
    this.host = host;
    this.table = table;
    this.override = override;
    this.deadline = deadline;
  }

  /**
   * Returns the table of a director.
   *
   * @param host the director
   * @return the table {@code inet lvstun_steering}, with a deadline of 60 seconds a command
   */
  public static SteeringTable on(Host host) {
    Objects.requireNonNull(host, "host");
    return new SteeringTable(host, "inet " + NAME, false, DEADLINE);
  }

  /**
   * Returns a copy for a table of another name, where several programs steer different addresses.
   *
   * @param name 1 to 31 letters, digits and {@code _}, a letter first
   * @return the copy
   * @throws IllegalArgumentException if the name has another form
   */
  public SteeringTable name(String name) {
    if (!name.matches("[A-Za-z][A-Za-z0-9_]{0,30}")) {
      throw new IllegalArgumentException(
          "table must have a name of 1 to 31 letters, digits and _, not \""
              + ForeignText.excerpt(name, 64)
              + '"');
    }
    return new SteeringTable(host, "inet " + name, override, deadline);
  }

  /**
   * Returns a copy that sets the marks once more behind all rules of others, right before IPVS.
   * Bits that others set on packets to steered addresses are lost.
   *
   * @return the copy
   */
  public SteeringTable overrideForeignMarks() {
    return new SteeringTable(host, table, true, deadline);
  }

  /**
   * Returns a copy with another deadline.
   *
   * @param time how long one command may take; loading 300,000 ranges takes seconds
   * @return the copy
   */
  public SteeringTable deadline(Duration time) {
    Objects.requireNonNull(time, "time");
    return new SteeringTable(host, table, override, time);
  }

  /**
   * Reads the table's rules and the names of its maps, never its elements.
   *
   * @return the state
   * @throws LvsException if {@code nft} fails
   * @throws UnsupportedException if the host has no {@code nft}
   */
  public SteeringState state() {
    CommandResult result = nft("read " + table, "", "-t", "list", "table", "inet", name());
    if (!result.successful() && result.errors().contains("No such file or directory")) {
      return SteeringState.ABSENT;
    }
    return SteeringState.of(checked("read " + table, result).output());
  }

  /** The family and the name. */
  String qualifiedName() {
    return table;
  }

  private String name() {
    return table.substring("inet ".length());
  }

  /**
   * Plans the table for some steerings. What the table steered before and is not among them is no
   * longer steered.
   *
   * @param steerings resolved; different addresses or ports each
   * @return the plan
   * @throws IllegalArgumentException if two steer the same address and port, or two pools have the
   *     same mark
   * @throws LvsException if rules of others set marks, unless they are to be overridden, or {@code
   *     nft} fails
   */
  public SteeringPlan plan(List<SteeringMap> steerings) {
    checkApart(steerings);
    if (!override && !steerings.isEmpty()) {
      checkForeign();
    }
    SteeringState before = state();
    long generation = before.generation().orElse(0) + 1;
    return new SteeringPlan(
        before, new NftScript(table, override, steerings, generation), steerings, generation);
  }

  /**
   * Carries a plan out, in one transaction: after a failure, or if {@code nft} is killed, the table
   * is as before. Apply {@link SteeringMap#services} first, so that every mark has its service.
   *
   * @param plan made by {@link #plan}
   * @return the state afterwards
   * @throws LvsException if {@code nft} fails, or the table was changed since the plan was made;
   *     the reason says whether the table is as before
   */
  public SteeringState apply(SteeringPlan plan) {
    String operation = "steer by " + table;
    CommandResult result = nft(operation, plan.script(), "-f", "-");
    SteeringState after = state();
    boolean done = after.generation().equals(java.util.OptionalLong.of(plan.generation()));
    if (!result.successful() && !done) {
      String reason =
          after.sameAs(plan.before())
              ? "; the table is as before"
              : "; the table has changed since the plan was made";
      throw failure(
          operation,
          (result.timedOut() ? "nft was killed at its deadline" : result.errors().strip()) + reason,
          OptionalInt.of(result.exitCode()),
          "Make the plan again and apply it.");
    }
    if (!done) {
      throw failure(
          operation,
          "nft reported success, but the table is at " + after,
          OptionalInt.empty(),
          "Look for another program that writes this table: nft -t list table " + table);
    }
    return after;
  }

  /**
   * Plans and applies.
   *
   * @param steerings resolved; different addresses or ports each
   * @return the state afterwards
   * @throws LvsException as {@link #plan} and {@link #apply(SteeringPlan)} do
   */
  public SteeringState apply(SteeringMap... steerings) {
    Objects.requireNonNull(steerings, "steerings");
    return apply(plan(List.of(steerings)));
  }

  /**
   * Removes the table with all that is in it. A table that is not there is no error.
   *
   * @throws LvsException if {@code nft} fails
   */
  public void remove() {
    if (state().present()) {
      String operation = "remove " + table;
      CommandResult unused =
          checked(operation, nft(operation, "", "delete", "table", "inet", name()));
    }
  }

  private static void checkApart(List<SteeringMap> steerings) {
    Map<Long, String> owners = new HashMap<>();
    List<Steering> seen = new ArrayList<>();
    for (SteeringMap map : steerings) {
      Steering steering = map.steering();
      for (Steering other : seen) {
        if (other.address().equals(steering.address())
            && other.protocol().equals(steering.protocol())
            && overlap(other, steering)) {
          throw new IllegalArgumentException(
              "two steerings share an address and port: " + other + " and " + steering);
        }
      }
      seen.add(steering);
      map.marks()
          .forEach(
              (pool, mark) -> {
                String owner = SteeringMap.owner(steering, pool);
                String former = owners.put(mark, owner);
                if (former != null) {
                  throw new IllegalArgumentException(
                      "mark "
                          + mark
                          + " is used by "
                          + former
                          + " and "
                          + owner
                          + ": resolve them with one allocator");
                }
              });
    }
  }

  private static boolean overlap(Steering one, Steering two) {
    return one.ports().stream()
        .anyMatch(
            mine ->
                two.ports().stream()
                    .anyMatch(
                        other -> mine.first() <= other.last() && other.first() <= mine.last()));
  }

  private void checkForeign() {
    List<String> foreign =
        foreignMarks(
            checked(
                    "read the rules of others",
                    nft("read the rules of others", "", "-t", "list", "ruleset"))
                .output(),
            table);
    if (!foreign.isEmpty()) {
      throw failure(
          "steer by " + table,
          "other rules set packet marks, which would overwrite ours: "
              + String.join("; ", foreign.subList(0, Math.min(5, foreign.size())))
              + (foreign.size() > 5 ? "; and " + (foreign.size() - 5) + " more" : ""),
          OptionalInt.empty(),
          "If none of them concerns packets to the steered addresses, or their marks may be lost"
              + " there, use overrideForeignMarks().");
    }
  }

  /** Rules that set marks, as {@code table chain: rule}. */
  static List<String> foreignMarks(String ruleset, String ours) {
    List<String> found = new ArrayList<>();
    String in = "";
    String chain = "";
    for (String line : ruleset.split("\n", -1)) {
      if (line.startsWith("table ")) {
        in = line.substring("table ".length()).replace(" {", "");
      } else if (line.startsWith("\tchain ")) {
        chain = line.substring("\tchain ".length()).replace(" {", "");
      } else if (!in.equals(ours) && SETS_MARK.matcher(line).find()) {
        found.add(in + ' ' + chain + ": " + line.strip());
      }
    }
    return found;
  }

  private CommandResult nft(String operation, String input, String... arguments) {
    List<String> command = new ArrayList<>(List.of("nft"));
    command.addAll(List.of(arguments));
    CommandResult result = host.run(HostCommand.of(command).input(input).deadline(deadline));
    if (result.exitCode() == 127) {
      throw missing(operation, result.errors().strip());
    }
    return result;
  }

  private UnsupportedException missing(String operation, String reason) {
    return new UnsupportedException(
        new LvsException.Failure(
            operation,
            host.specification(),
            "nftables",
            "nft could not be run: " + reason,
            OptionalInt.empty(),
            "Install nftables on the director."));
  }

  private CommandResult checked(String operation, CommandResult result) {
    if (!result.successful()) {
      throw failure(
          operation,
          result.timedOut() ? "nft was killed at its deadline" : result.errors().strip(),
          OptionalInt.of(result.exitCode()),
          "Run nft as root on the director, with the kernel module nf_tables.");
    }
    return result;
  }

  private LvsException failure(String operation, String reason, OptionalInt code, String hint) {
    return new LvsException(
        new LvsException.Failure(operation, host.specification(), "nftables", reason, code, hint));
  }
}
