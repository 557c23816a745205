// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.Snapshot;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.memory.MemoryDriver;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.Outcome;
import io.lvstun.state.ServiceState;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Reads and writes the text of {@code ipvsadm -S -n} and {@code ipvsadm -R}: one command a line.
 *
 * <p>Reading takes every option of ipvsadm 1.31 that changes the table, by its long or short name,
 * in every order that {@code ipvsadm -R} takes. Lines that begin with {@code #} are comments, as
 * for {@code ipvsadm-restore}. It is stricter than {@code ipvsadm} where that behaves unexpectedly:
 * host and port names are not resolved, addresses are dotted quads without leading zeros, names are
 * not truncated, and a mask that {@code ipvsadm} would ignore is an error.
 *
 * <p>The methods are pure functions. Source of the rules: {@code ipvsadm(8)} and runs of ipvsadm
 * 1.31.
 *
 * @since 0.1.0
 */
public final class Rules {

  /** More services and servers than any kernel has been seen with. */
  private static final int MOST_RULES = 1_000_000;

  private static final int ETHERNET_MTU = 1500;

  private static final Timeouts KERNEL_TIMEOUTS = Timeouts.ofSeconds(900, 120, 300);

  private Rules() {}

  /**
   * Reads a text.
   *
   * @param text the lines
   * @return the commands in their order, without blank lines and comments
   * @throws RulesSyntaxException if the text is not what {@code ipvsadm -R} reads, or has more than
   *     a million commands
   */
  public static List<Rule> parse(String text) {
    Objects.requireNonNull(text, "text");
    try {
      return read(new StringReader(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a text to its end. A byte order mark at its beginning is passed over; characters that
   * look like blanks, hyphens or quotes, or like nothing, are errors that name them.
   *
   * @param reader gives the lines; it is not closed
   * @return the commands in their order, without blank lines and comments
   * @throws RulesSyntaxException if the text is not what {@code ipvsadm -R} reads, or has more than
   *     a million commands
   * @throws IOException if the reader fails
   */
  public static List<Rule> read(Reader reader) throws IOException {
    List<Rule> rules = new ArrayList<>();
    Lines lines = new Lines(reader);
    for (int number = 1; lines.next(); number++) {
      Optional<Command> command = RuleParser.parse(number, lines.line());
      if (command.isPresent()) {
        if (rules.size() == MOST_RULES) {
          throw new RulesSyntaxException(
              number,
              1,
              "at most " + MOST_RULES + " commands",
              RulesSyntaxException.excerpt("more"));
        }
        rules.add(new Rule(number, command.get()));
      }
    }
    return List.copyOf(rules);
  }

  /**
   * Carries rules out on an empty table in memory: what {@code ipvsadm -R} would bring about,
   * errors included, on a kernel with all schedulers of Linux 6.12, the engine {@code sip} and the
   * interfaces that the rules name.
   *
   * @param rules the rules
   * @return the resulting table and the rules that are refused
   */
  public static Replay replay(List<Rule> rules) {
    MemoryDriver.Builder builder = MemoryDriver.builder();
    Map<ServiceKey, Integer> order = new HashMap<>();
    for (Rule rule : rules) {
      if (rule.command() instanceof Command.StartDaemon start) {
        builder.networkInterface(start.daemon().interfaceName(), ETHERNET_MTU);
      } else if (rule.command() instanceof Command.AddService add) {
        order.put(add.service().key(), order.size());
      }
    }
    try (IpvsDriver driver = builder.open()) {
      List<Refusal> refusals = run(rules, driver);
      List<VirtualService> services = new ArrayList<>();
      for (ServiceState state : driver.services(Consistency.SINGLE_PASS)) {
        services.add(oldestServerFirst(state.definition()));
      }
      services.sort(Comparator.comparing(service -> order.getOrDefault(service.key(), 0)));
      return new Replay(new Snapshot(services, driver.timeouts(), driver.syncDaemons()), refusals);
    }
  }

  /** The kernel, and so the driver, puts the newest in front. */
  private static VirtualService oldestServerFirst(VirtualService service) {
    List<RealServer> servers = new ArrayList<>(service.realServers());
    Collections.reverse(servers);
    return VirtualService.observed(
        service.key(),
        service.scheduler(),
        service.persistence().orElse(null),
        service.onePacket(),
        service.foreign().orElse(null),
        servers);
  }

  /**
   * Carries rules out through a driver, all of them, as {@code ipvsadm -R} does.
   *
   * @param rules the rules
   * @param driver where to
   * @return the rules that were refused, with the reasons
   */
  @CanIgnoreReturnValue
  public static List<Refusal> run(List<Rule> rules, IpvsDriver driver) {
    List<Outcome> outcomes = driver.execute(rules.stream().map(Rule::command).toList());
    List<Refusal> refusals = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      Rule rule = rules.get(i);
      outcomes.get(i).failure().ifPresent(error -> refusals.add(new Refusal(rule, error)));
    }
    return List.copyOf(refusals);
  }

  /**
   * Writes the configuration of a director.
   *
   * @param snapshot what to write
   * @param form how much the text is to say
   * @return the text and what it does not carry
   */
  public static RulesText write(Snapshot snapshot, RulesForm form) {
    Objects.requireNonNull(form, "form");
    return new Writer(form).write(snapshot);
  }

  /**
   * Writes virtual services.
   *
   * @param services what to write
   * @param form how much the text is to say
   * @return the text and what it does not carry
   */
  public static RulesText write(List<VirtualService> services, RulesForm form) {
    Objects.requireNonNull(form, "form");
    return write(new Snapshot(services, Timeouts.UNCHANGED, List.of()), form);
  }

  /**
   * Returns the arguments with which {@code ipvsadm} carries out a command. Edits name everything,
   * because {@code ipvsadm} resets what they leave out.
   *
   * @param command the command
   * @return the arguments, without the name of the program
   * @throws IllegalArgumentException if {@code ipvsadm} cannot do it: {@link #obstacle} tells why
   */
  public static List<String> arguments(Command command) {
    Objects.requireNonNull(command, "command");
    Optional<Loss> obstacle = obstacle(command);
    if (obstacle.isPresent()) {
      throw new IllegalArgumentException(
          "command must be one that ipvsadm can do, not "
              + command.operation()
              + ' '
              + command.target()
              + ": "
              + obstacle.get().detail());
    }
    return List.copyOf(Arguments.of(command));
  }

  /**
   * Tells what of a command {@code ipvsadm} has no options for. That happens only to values that
   * another program wrote into the kernel, or that the kernel refuses too.
   *
   * @param command the command
   * @return what and why; empty if {@code ipvsadm} can carry it out
   */
  public static Optional<Loss> obstacle(Command command) {
    Objects.requireNonNull(command, "command");
    return Arguments.obstacle(command);
  }

  /** Splits a reader into lines of bounded length. */
  private static final class Lines {

    private final Reader reader;
    private final char[] buffer = new char[8192];
    private int position;
    private int limit;
    private final StringBuilder line = new StringBuilder();

    Lines(Reader reader) {
      this.reader = reader;
    }

    boolean next() throws IOException {
      line.setLength(0);
      boolean any = false;
      while (true) {
        if (position == limit) {
          limit = Math.max(reader.read(buffer, 0, buffer.length), 0);
          position = 0;
          if (limit == 0) {
            return any;
          }
        }
        char c = buffer[position++];
        any = true;
        if (c == '\n') {
          return true;
        }
        // One too many is enough for the parser to complain.
        if (line.length() <= RuleLine.LONGEST_LINE) {
          line.append(c);
        } else {
          return true;
        }
      }
    }

    String line() {
      return line.toString();
    }
  }

  private static final class Writer {

    private final boolean saved;
    private final StringBuilder text = new StringBuilder();
    private final List<Loss> losses = new ArrayList<>();

    Writer(RulesForm form) {
      saved = form == RulesForm.SAVED;
    }

    RulesText write(Snapshot snapshot) {
      writeTimeouts(snapshot.timeouts());
      List<VirtualService> services =
          saved
              ? ListingOrder.ofServices(snapshot.services(), VirtualService::key)
              : snapshot.services();
      for (VirtualService service : services) {
        writeService(service);
      }
      for (SyncDaemon daemon : snapshot.syncDaemons()) {
        writeDaemon(daemon);
      }
      return new RulesText(text.toString(), losses);
    }

    private void writeTimeouts(Timeouts timeouts) {
      if (timeouts.equals(Timeouts.UNCHANGED)) {
        return;
      }
      if (saved) {
        if (!timeouts.equals(KERNEL_TIMEOUTS)) {
          losses.add(
              new Loss(
                  Loss.Kind.TIMEOUTS, "", "the time-outs " + timeouts + " are not in this form"));
        }
        return;
      }
      List<String> words = new ArrayList<>();
      Arguments.addTimeouts(timeouts, words);
      line(words);
    }

    private void writeDaemon(SyncDaemon daemon) {
      Optional<Loss> obstacle =
          saved
              ? Optional.of(
                  new Loss(Loss.Kind.SYNC_DAEMON, daemon.toString(), "it is not in this form"))
              : Arguments.obstacle(daemon);
      if (obstacle.isPresent()) {
        losses.add(obstacle.get());
        return;
      }
      List<String> words = new ArrayList<>();
      Arguments.addDaemon(daemon, words);
      line(words);
    }

    private void writeService(VirtualService service) {
      Optional<Loss> obstacle = Arguments.serviceObstacle(service);
      if (obstacle.isPresent()) {
        losses.add(obstacle.get());
        return;
      }
      Arguments.foreignObstacle(service).ifPresent(losses::add);
      List<String> words = new ArrayList<>();
      Arguments.addService("-A", service, words);
      line(words);
      List<RealServer> servers =
          saved
              ? ListingOrder.ofServers(service.realServers(), RealServer::key)
              : service.realServers();
      Set<ServerKey> written = new HashSet<>();
      for (RealServer server : servers) {
        if (Arguments.portObstacle(service.key(), server).isEmpty()) {
          written.add(server.key());
        }
      }
      for (RealServer server : servers) {
        writeServer(service.key(), server, written);
      }
    }

    private void writeServer(ServiceKey service, RealServer server, Set<ServerKey> written) {
      Optional<Loss> obstacle = Arguments.forwardingObstacle(service, server);
      if (obstacle.isPresent()) {
        losses.add(obstacle.get());
        return;
      }
      RealServer carried = server;
      Optional<Loss> port = Arguments.portObstacle(service, server);
      if (port.isPresent() && service instanceof ServiceKey.Endpoint endpoint) {
        carried = server.port(endpoint.port());
        if (!written.add(carried.key())) {
          losses.add(
              new Loss(
                  Loss.Kind.SERVER,
                  port.get().target(),
                  port.get().detail() + ", and there is a server of that port"));
          return;
        }
        losses.add(port.get());
      }
      Optional<Loss> weight = Arguments.weightObstacle(service, server);
      if (weight.isPresent()) {
        carried = carried.weight(RealServer.MAX_WEIGHT);
        losses.add(weight.get());
      }
      List<String> words = new ArrayList<>();
      Arguments.addServerHead("-a", service, carried, words);
      Arguments.addTunnel(carried.forwarding(), words);
      writeThresholds(service, server, words);
      line(words);
    }

    private void writeThresholds(ServiceKey service, RealServer server, List<String> words) {
      if (server.upperThreshold() == 0 && server.lowerThreshold() == 0) {
        return;
      }
      Optional<Loss> obstacle =
          saved
              ? Optional.of(
                  new Loss(
                      Loss.Kind.THRESHOLDS,
                      server.key() + " of " + service,
                      "the thresholds "
                          + server.upperThreshold()
                          + " and "
                          + server.lowerThreshold()
                          + " are not in this form"))
              : Arguments.thresholdsObstacle(service, server);
      if (obstacle.isPresent()) {
        losses.add(obstacle.get());
      } else {
        Arguments.addThresholds(server, words);
      }
    }

    private void line(List<String> words) {
      text.append(String.join(" ", words)).append('\n');
    }
  }
}
