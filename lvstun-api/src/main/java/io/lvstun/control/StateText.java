// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.Command;
import io.lvstun.IpAddress;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.health.PoolPolicy;
import io.lvstun.rules.Rule;
import io.lvstun.rules.Rules;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The text form of the state: a line each, services and servers as {@code ipvsadm} takes them, a
 * digest at the end. Pure functions.
 */
final class StateText {

  private static final String MAGIC = "lvstun-state 1";
  private static final String ANY_MAGIC = "lvstun-state ";

  private StateText() {}

  /**
   * What a text says.
   *
   * @param state the state
   * @param table which kernel's table of which namespace it was written for
   */
  record Read(DesiredState state, String table) {}

  /** A text that is not trusted; the message says why. */
  static final class RejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Whether it is somebody else's text altogether. */
    final boolean foreign;

    RejectedException(String message, boolean foreign) {
      super(message);
      this.foreign = foreign;
    }
  }

  static String write(DesiredState state, String table) {
    StringBuilder text = new StringBuilder(MAGIC).append('\n');
    text.append("table ").append(table).append('\n');
    for (ManagedService service : state.services().values()) {
      PoolPolicy pool = service.pool();
      text.append("service ").append(service.slowStart().toMillis());
      text.append(' ').append(pool.quorum()).append(' ').append(pool.hysteresis());
      text.append(' ').append(pool.sorryInhibits()).append(' ').append(pool.sorryFirst());
      text.append(' ').append(pool.panicShare());
      text.append(' ').append(pool.omega()).append(' ').append(pool.suspends()).append('\n');
      line(text, "rule", new Command.AddService(service.service()));
      for (RealServer server : service.service().realServers()) {
        line(text, "rule", new Command.AddServer(service.key(), server));
      }
      pool.sorry().ifPresent(it -> line(text, "sorry", new Command.AddServer(service.key(), it)));
    }
    for (ServiceKey key : state.retired()) {
      line(text, "retired", new Command.RemoveService(key));
    }
    state
        .intents()
        .forEach(
            (destination, intent) -> {
              ServerKey replaces = intent.replaces();
              String words =
                  String.join(
                      " ",
                      "intent",
                      intent.kind().name(),
                      intent.operation(),
                      Long.toString(intent.since()),
                      Long.toString(intent.deadline()),
                      Boolean.toString(intent.waitsForTemplates()),
                      Boolean.toString(intent.leaves()),
                      replaces == null ? "-" : IpAddress.format(replaces.address()),
                      Integer.toString(replaces == null ? 0 : replaces.port()),
                      Long.toString(intent.patience()));
              line(
                  text,
                  words,
                  new Command.RemoveServer(destination.service(), destination.server()));
            });
    String digest = digest(text.toString());
    return text.append("end ").append(digest).append('\n').toString();
  }

  private static void line(StringBuilder text, String word, Command command) {
    text.append(word).append(' ').append(String.join(" ", Rules.arguments(command))).append('\n');
  }

  private static String digest(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static Read read(String text) throws RejectedException {
    if (!text.startsWith(MAGIC + "\n")) {
      boolean newer = text.startsWith(ANY_MAGIC);
      throw new RejectedException(
          newer
              ? "it was written by another version of lvstun"
              : "it is not a state file of lvstun",
          !newer);
    }
    int end = text.lastIndexOf("end ");
    if (end < 0
        || text.charAt(end - 1) != '\n'
        || !text.substring(end).equals("end " + digest(text.substring(0, end)) + "\n")) {
      throw new RejectedException(
          "its digest does not match: it is truncated or was changed", false);
    }
    try {
      return new Parser().parse(text.substring(0, end).lines().skip(1).toList());
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new RejectedException("it cannot be understood: " + e.getMessage(), false);
    }
  }

  private static final class Parser {
    private final Map<ServiceKey, ManagedService> services = new LinkedHashMap<>();
    private final Set<ServiceKey> retired = new LinkedHashSet<>();
    private final Map<Destination, Intent> intents = new LinkedHashMap<>();
    private String table = "";
    private String[] options = {};
    private @Nullable VirtualService service;
    private Optional<RealServer> sorry = Optional.empty();

    Read parse(List<String> lines) {
      for (String line : lines) {
        int space = line.indexOf(' ');
        String rest = line.substring(space + 1);
        switch (line.substring(0, space)) {
          case "table" -> table = rest;
          case "service" -> {
            finish();
            options = rest.split(" ");
          }
          case "rule" -> rule(rest);
          case "sorry" -> sorry = Optional.of(server(rest));
          case "retired" -> retired(rest);
          case "intent" -> intent(rest.split(" ", 10));
          default -> throw new IllegalArgumentException("line \"" + line + '"');
        }
      }
      finish();
      return new Read(new DesiredState(services, retired, intents), table);
    }

    private static Command command(String text) {
      List<Rule> rules = Rules.parse(text);
      return rules.get(0).command();
    }

    private static IllegalArgumentException misplaced(String text) {
      return new IllegalArgumentException("misplaced command \"" + text + '"');
    }

    private void rule(String text) {
      VirtualService present = service;
      if (command(text) instanceof Command.AddService add) {
        service = add.service();
      } else if (present != null) {
        service = present.addRealServer(server(text));
      } else {
        throw misplaced(text);
      }
    }

    private static RealServer server(String text) {
      if (command(text) instanceof Command.AddServer add) {
        return add.server();
      }
      throw misplaced(text);
    }

    private void retired(String text) {
      if (!(command(text) instanceof Command.RemoveService remove)) {
        throw misplaced(text);
      }
      retired.add(remove.service());
    }

    private void intent(String[] words) {
      if (!(command(words[9]) instanceof Command.RemoveServer remove)) {
        throw misplaced(words[9]);
      }
      ServerKey server = remove.server();
      intents.put(
          new Destination(remove.service(), server),
          new Intent(
              Intent.Kind.valueOf(words[0]),
              words[1],
              Long.parseLong(words[2]),
              Long.parseLong(words[3]),
              Boolean.parseBoolean(words[4]),
              Boolean.parseBoolean(words[5]),
              words[6].equals("-") ? null : ServerKey.of(words[6], Integer.parseInt(words[7])),
              Long.parseLong(words[8])));
    }

    private void finish() {
      VirtualService whole = service;
      if (whole == null) {
        return;
      }
      PoolPolicy pool =
          new PoolPolicy(
              Integer.parseInt(options[1]),
              Integer.parseInt(options[2]),
              sorry,
              Boolean.parseBoolean(options[3]),
              Boolean.parseBoolean(options[4]),
              Double.parseDouble(options[5]),
              Boolean.parseBoolean(options[6]),
              Boolean.parseBoolean(options[7]));
      services.put(
          whole.key(),
          ManagedService.of(whole)
              .pool(pool)
              .slowStart(Duration.ofMillis(Long.parseLong(options[0]))));
      service = null;
      sorry = Optional.empty();
    }
  }
}
