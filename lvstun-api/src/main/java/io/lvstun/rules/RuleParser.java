// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static io.lvstun.rules.Operands.requirePlain;
import static io.lvstun.rules.Token.error;

import io.lvstun.AddressFamily;
import io.lvstun.Command;
import io.lvstun.ForeignSettings;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one line as {@code ipvsadm -R} does: what its options mean in the order they stand, as in
 * {@code ipvsadm.c}. {@link RuleLine} finds the options.
 */
final class RuleParser {

  private static final int LONGEST_PERSISTENCE = 31 * 24 * 60 * 60;
  private static final int DEFAULT_PERSISTENCE = 360;

  private static final Set<Option> SERVICE_OPTIONS =
      EnumSet.of(
          Option.TCP_SERVICE,
          Option.UDP_SERVICE,
          Option.SCTP_SERVICE,
          Option.FWMARK_SERVICE,
          Option.IPV6,
          Option.SORT);
  private static final Set<Option> SERVICE_SETTINGS =
      with(
          SERVICE_OPTIONS,
          Option.SCHEDULER,
          Option.PERSISTENT,
          Option.NETMASK,
          Option.ENGINE,
          Option.SCHED_FLAGS,
          Option.ONE_PACKET);
  private static final Set<Option> SERVER_OPTIONS = with(SERVICE_OPTIONS, Option.REAL_SERVER);
  private static final Set<Option> SERVER_SETTINGS =
      with(
          SERVER_OPTIONS,
          Option.MASQUERADING,
          Option.IPIP,
          Option.GATEWAYING,
          Option.WEIGHT,
          Option.UPPER_THRESHOLD,
          Option.LOWER_THRESHOLD,
          Option.TUNNEL_TYPE,
          Option.TUNNEL_PORT,
          Option.TUNNEL_NO_CHECKSUM,
          Option.TUNNEL_CHECKSUM,
          Option.TUNNEL_REMOTE_CHECKSUM);
  private static final Set<Option> NO_OPTIONS = EnumSet.of(Option.SORT);
  private static final Set<Option> STOP_OPTIONS = with(NO_OPTIONS, Option.SYNC_ID);
  private static final Set<Option> START_OPTIONS =
      with(
          STOP_OPTIONS,
          Option.SYNC_MAXLEN,
          Option.MCAST_INTERFACE,
          Option.MCAST_GROUP,
          Option.MCAST_PORT,
          Option.MCAST_TTL);

  private static final String COMMAND = "a command (-A, -E, -D, -a, -e, -d, -C, -Z, --set, ...)";

  private static final String A_SERVICE =
      "a virtual service (-t, -u, --sctp-service or -f with its address or mark)";

  private final List<GivenOption> given;
  private final List<Token> leftovers;
  private final Token end;

  // What the options have said so far, in the order they stand.
  private @Nullable Protocol protocol;
  private @Nullable InetAddress address;
  private int port;
  private long mark;
  private AddressFamily family = AddressFamily.IPV4;
  private @Nullable Token service;
  private @Nullable InetAddress serverAddress;
  private int serverPort;
  private @Nullable Token server;
  private boolean defaultPersistence;
  private int netmask = -1;
  private int prefixLength = 128;
  private final Map<Option, Token> words = new EnumMap<>(Option.class);

  private RuleParser(RuleLine line) {
    given = line.given();
    leftovers = line.leftovers();
    end = line.end();
  }

  /** Returns empty for a line without a command: blank, or a comment. */
  static Optional<Command> parse(int line, String text) {
    RuleLine read = new RuleLine(line, text);
    return read.isEmpty() ? Optional.empty() : Optional.of(new RuleParser(read).command());
  }

  private static Set<Option> with(Set<Option> base, Option... more) {
    EnumSet<Option> all = EnumSet.copyOf(base);
    all.addAll(List.of(more));
    return all;
  }

  // Meaning

  private Command command() {
    if (given.isEmpty()) {
      Token first = leftovers.isEmpty() ? end : leftovers.get(0);
      if (first.text().startsWith("#")) {
        throw error(first, "a comment to begin in the first column");
      }
      throw error(first, COMMAND);
    }
    GivenOption first = given.get(0);
    return switch (first.option()) {
      case ADD_SERVICE -> {
        read(SERVICE_SETTINGS);
        yield new Command.AddService(service());
      }
      case EDIT_SERVICE -> {
        read(SERVICE_SETTINGS);
        yield new Command.EditService(service());
      }
      case DELETE_SERVICE -> {
        read(SERVICE_OPTIONS);
        yield new Command.RemoveService(key());
      }
      case ADD_SERVER -> {
        read(SERVER_SETTINGS);
        yield new Command.AddServer(key(), server());
      }
      case EDIT_SERVER -> {
        read(SERVER_SETTINGS);
        yield new Command.EditServer(key(), server());
      }
      case DELETE_SERVER -> {
        read(SERVER_OPTIONS);
        yield new Command.RemoveServer(key(), serverKey());
      }
      case CLEAR -> {
        read(NO_OPTIONS);
        yield new Command.Flush();
      }
      case ZERO -> {
        read(SERVICE_OPTIONS);
        yield new Command.Zero(service == null ? Optional.empty() : zeroed(key()));
      }
      case SET -> {
        Timeouts timeouts = timeouts();
        read(NO_OPTIONS);
        yield new Command.SetTimeouts(timeouts);
      }
      case START_DAEMON -> {
        read(START_OPTIONS);
        yield new Command.StartDaemon(new DaemonOptions(words).daemon(DaemonOptions.role(first)));
      }
      case STOP_DAEMON -> {
        read(STOP_OPTIONS);
        new DaemonOptions(words).syncId();
        yield new Command.StopDaemon(DaemonOptions.role(first));
      }
      default -> throw notACommand(first);
    };
  }

  private RulesSyntaxException notACommand(GivenOption first) {
    if (!leftovers.isEmpty() && leftovers.get(0).column() < first.name().column()) {
      return error(leftovers.get(0), COMMAND);
    }
    return first.option().role() == Option.Role.NO_CHANGE
        ? error(first.name(), "a command that changes the table: " + first.option() + " does not")
        : error(first.name(), COMMAND + " before options");
  }

  private void read(Set<Option> allowed) {
    Option command = given.get(0).option();
    for (GivenOption option : given.subList(1, given.size())) {
      if (!allowed.contains(option.option())) {
        throw firstError(misplaced(option, command));
      }
    }
    if (!leftovers.isEmpty()) {
      throw unexpected(leftovers.get(0));
    }
    given.subList(1, given.size()).forEach(this::read);
  }

  private static RulesSyntaxException misplaced(GivenOption option, Option command) {
    boolean another =
        option.option().role() == Option.Role.COMMAND
            || option.option().role() == Option.Role.NO_CHANGE;
    return error(
        option.name(),
        another
            ? "one command a line"
            : Dialect.ofMisplaced(option.option(), command)
                .orElse("an option of the command " + command));
  }

  /** A word that belongs to nothing is at fault if it stands before the option. */
  private RulesSyntaxException firstError(RulesSyntaxException misplaced) {
    return !leftovers.isEmpty() && leftovers.get(0).column() < misplaced.column()
        ? unexpected(leftovers.get(0))
        : misplaced;
  }

  private static RulesSyntaxException unexpected(Token word) {
    if (word.text().startsWith("#")) {
      return error(word, "the end of the line: a comment begins in the first column");
    }
    if (word.text().equals("(null)")) {
      return error(
          word,
          "a forwarding method: ipvsadm -S writes (null) for one that it cannot name,"
              + " and cannot read it back");
    }
    return error(word, "an option");
  }

  private void read(GivenOption given) {
    Option option = given.option();
    Token value = given.value() == null ? given.name() : given.value();
    switch (option) {
      case TCP_SERVICE, UDP_SERVICE, SCTP_SERVICE, FWMARK_SERVICE -> readService(option, value);
      case IPV6 -> {
        if (mark == 0) {
          throw error(given.name(), "-f before -6");
        }
        requireNoMaskYet(given.name());
        family = AddressFamily.IPV6;
      }
      case NETMASK -> {
        once(option, value);
        readMask(value);
      }
      case REAL_SERVER -> {
        if (server != null) {
          throw twice(option, value);
        }
        server = value;
        Operands.Address read = Operands.address(value, "a real server");
        serverAddress = read.address();
        serverPort = read.port() < 0 ? port : read.port();
      }
      case MASQUERADING, IPIP, GATEWAYING -> {
        if (words.containsKey(Option.MASQUERADING)
            || words.containsKey(Option.IPIP)
            || words.containsKey(Option.GATEWAYING)) {
          throw error(value, "one forwarding method: -g, -i or -m");
        }
        once(option, value);
      }
      case SORT -> {
        // Passed over by ipvsadm, however often it stands.
      }
      case PERSISTENT -> {
        once(option, value);
        defaultPersistence = given.value() == null;
      }
      default -> once(option, value);
    }
  }

  private void readService(Option option, Token value) {
    if (service != null) {
      throw error(value, "one virtual service a line");
    }
    service = value;
    if (option == Option.FWMARK_SERVICE) {
      mark = Operands.mark(value);
      return;
    }
    protocol =
        switch (option) {
          case TCP_SERVICE -> Protocol.TCP;
          case UDP_SERVICE -> Protocol.UDP;
          default -> Protocol.SCTP;
        };
    Operands.Address read = Operands.address(value, "a virtual service");
    address = read.address();
    port = Math.max(read.port(), 0);
    family = AddressFamily.of(read.address());
    if (family == AddressFamily.IPV6) {
      requireNoMaskYet(value);
    }
  }

  private void requireNoMaskYet(Token where) {
    Token mask = words.get(Option.NETMASK);
    if (mask != null) {
      throw error(
          where, "an IPv6 service before -M: ipvsadm would forget the mask that stands before it");
    }
  }

  private void readMask(Token value) {
    if (family == AddressFamily.IPV6) {
      prefixLength = Operands.number(value, "a prefix length", 1, 128);
      return;
    }
    InetAddress mask;
    try {
      mask = IpAddress.parse(value.text());
    } catch (IllegalArgumentException e) {
      throw error(value, "an IPv4 netmask such as 255.255.255.0", e);
    }
    if (!(mask instanceof Inet4Address)) {
      throw error(value, "an IPv4 netmask such as 255.255.255.0");
    }
    byte[] bytes = mask.getAddress();
    netmask =
        (bytes[0] & 0xff) << 24
            | (bytes[1] & 0xff) << 16
            | (bytes[2] & 0xff) << 8
            | bytes[3] & 0xff;
  }

  private void once(Option option, Token value) {
    if (words.putIfAbsent(option, value) != null) {
      throw twice(option, value);
    }
  }

  private static RulesSyntaxException twice(Option option, Token value) {
    return error(value, option + " once");
  }

  // Values of the api

  private ServiceKey key() {
    if (service == null) {
      throw error(end, A_SERVICE);
    }
    if (protocol == null || address == null) {
      return new ServiceKey.Mark(mark, family);
    }
    return new ServiceKey.Endpoint(protocol, address, port);
  }

  /** The service 0.0.0.0:0 is how ipvsadm says all of them. */
  private static Optional<ServiceKey> zeroed(ServiceKey key) {
    return key instanceof ServiceKey.Endpoint endpoint
            && endpoint.port() == 0
            && endpoint.address().isAnyLocalAddress()
        ? Optional.empty()
        : Optional.of(key);
  }

  private VirtualService service() {
    ServiceKey key = key();
    Persistence persistence = persistence(key);
    boolean onePacket = words.containsKey(Option.ONE_PACKET);
    if (key instanceof ServiceKey.Endpoint endpoint) {
      if (endpoint.port() == 0 && persistence == null) {
        throw error(
            Objects.requireNonNull(service),
            "a port of 1 to 65535, or -p: a service for every port is persistent");
      }
      if (onePacket && !endpoint.protocol().equals(Protocol.UDP)) {
        throw error(
            Objects.requireNonNull(words.get(Option.ONE_PACKET)),
            "-o (--ops) with -u or -f: only they schedule packet by packet");
      }
    }
    return VirtualService.observed(
        key,
        SchedulerOptions.read(words),
        persistence,
        onePacket,
        foreign(key, persistence),
        List.of());
  }

  private @Nullable Persistence persistence(ServiceKey key) {
    Token timeout = words.get(Option.PERSISTENT);
    Token engine = words.get(Option.ENGINE);
    if (timeout == null) {
      return null;
    }
    int seconds =
        defaultPersistence
            ? DEFAULT_PERSISTENCE
            : Operands.number(timeout, "a time of seconds", 1, LONGEST_PERSISTENCE);
    int mask = key.family() == AddressFamily.IPV6 ? prefixLength : netmask;
    Persistence persistence = Persistence.observed(seconds, key.family(), mask, null);
    return engine == null ? persistence : withEngine(persistence, engine);
  }

  private Persistence withEngine(Persistence persistence, Token engine) {
    requirePlain(engine, "a persistence engine");
    try {
      return persistence.engine(engine.text());
    } catch (IllegalArgumentException e) {
      throw error(engine, "a persistence engine of 1 to 15 printable ASCII characters", e);
    }
  }

  /** An engine without -p has no effect, but ipvsadm sets it, and -S prints it. */
  private @Nullable ForeignSettings foreign(ServiceKey key, @Nullable Persistence persistence) {
    Token engine = words.get(Option.ENGINE);
    if (engine == null || persistence != null) {
      return null;
    }
    Persistence checked = withEngine(Persistence.of(Persistence.DEFAULT_TIMEOUT), engine);
    AddressFamily family = key.family();
    return ForeignSettings.observed(
            family, 0, 0, family == AddressFamily.IPV6 ? 128 : -1, checked.engine().orElseThrow())
        .orElse(null);
  }

  private ServerKey serverKey() {
    if (server == null || serverAddress == null) {
      throw error(end, "a real server (-r with its address)");
    }
    return new ServerKey(serverAddress, serverPort);
  }

  private RealServer server() {
    ServerKey key = serverKey();
    Forwarding forwarding = new ForwardingOptions(words, end).read();
    if (AddressFamily.of(key.address()) != family && !(forwarding instanceof Forwarding.Tunnel)) {
      throw error(
          Objects.requireNonNull(server),
          "a real server of the service's family: only -i mixes them");
    }
    boolean portKept = mark != 0 || forwarding instanceof Forwarding.Masquerade;
    return new RealServer(
        key.address(),
        portKept ? key.port() : port,
        forwarding,
        // The original ends at 65535; Debian's ipvsadm, and what it saves, goes on.
        number(Option.WEIGHT, "a weight", 1),
        number(Option.UPPER_THRESHOLD, "a threshold", 0),
        number(Option.LOWER_THRESHOLD, "a threshold", 0));
  }

  private Timeouts timeouts() {
    if (leftovers.size() < 3) {
      throw error(end, "three time-outs: tcp, tcpfin, udp");
    }
    int[] seconds = new int[3];
    for (int i = 0; i < 3; i++) {
      Token word = leftovers.get(i);
      seconds[i] = Operands.number(word, "a time-out of seconds", 0, LONGEST_PERSISTENCE);
      if (Timeouts.ofSeconds(seconds[i], 0, 0).tcp().getSeconds() != seconds[i]) {
        throw error(word, "a time-out that every kernel takes, up to 2147483 seconds");
      }
    }
    leftovers.subList(0, 3).clear();
    return Timeouts.ofSeconds(seconds[0], seconds[1], seconds[2]);
  }

  private int number(Option option, String what, int absent) {
    Token word = words.get(option);
    return word == null ? absent : Operands.number(word, what, 0, Integer.MAX_VALUE);
  }
}
