// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.AddressFamily;
import io.lvstun.Command;
import io.lvstun.Encapsulation;
import io.lvstun.ForeignSettings;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one line as {@code ipvsadm -R} does: first the words, then the options as libpopt takes
 * them from words, then what they mean in the order they stand, as {@code ipvsadm.c} does.
 */
final class RuleParser {

  /** More than any line needs; ipvsadm's own buffer for a word is 4096. */
  static final int LONGEST_LINE = 65_536;

  private static final int LONGEST_WORD = 4095;
  private static final int LONGEST_FLAGS = 127;
  private static final int LONGEST_PERSISTENCE = 31 * 24 * 60 * 60;
  private static final int DEFAULT_PERSISTENCE = 360;
  private static final String OWN_NAME = "ipvsadm";

  /** What libpopt replaces by another word of the line. */
  static final String POPT_SUBSTITUTION = "!#:+";

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

  private static final String A_SERVICE =
      "a virtual service (-t, -u, --sctp-service or -f with its address or mark)";

  private final int line;
  private final String text;
  private final List<Given> given = new ArrayList<>();
  private final List<Word> leftovers = new ArrayList<>();

  // What the options have said so far, in the order they stand.
  private @Nullable Protocol protocol;
  private @Nullable InetAddress address;
  private int port;
  private long mark;
  private AddressFamily family = AddressFamily.IPV4;
  private @Nullable Word service;
  private @Nullable InetAddress serverAddress;
  private int serverPort;
  private @Nullable Word server;
  private boolean defaultPersistence;
  private int netmask = -1;
  private int prefixLength = 128;
  private final Map<Option, Word> words = new EnumMap<>(Option.class);

  /** A piece of the line and where it begins, from 1. */
  private record Word(String text, int column) {
    Word from(int offset) {
      return new Word(text.substring(offset), column + offset);
    }
  }

  /** An option as written, with its value if it has one. */
  private record Given(Option option, Word name, @Nullable Word value) {}

  private RuleParser(int line, String text) {
    this.line = line;
    this.text = text;
  }

  /** Returns empty for a line without a command: blank, or a comment. */
  static Optional<Command> parse(int line, String text) {
    RuleParser parser = new RuleParser(line, text);
    List<Word> words = parser.words();
    if (words.isEmpty()) {
      return Optional.empty();
    }
    parser.scan(words);
    return Optional.of(parser.command());
  }

  private static Set<Option> with(Set<Option> base, Option... more) {
    EnumSet<Option> all = EnumSet.copyOf(base);
    all.addAll(List.of(more));
    return all;
  }

  // Words

  private List<Word> words() {
    if (text.length() > LONGEST_LINE) {
      throw error(
          LONGEST_LINE + 1, "the end of a line of at most " + LONGEST_LINE + " characters", "more");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && c != '\t' && c != '\r') {
        throw error(
            i + 1, "text", String.format(Locale.ROOT, "the control character U+%04X", (int) c));
      }
    }
    List<Word> words = new ArrayList<>();
    if (text.startsWith("#")) {
      return words;
    }
    int start = 0;
    while (start < text.length()) {
      if (isBlank(text.charAt(start))) {
        start++;
        continue;
      }
      int end = start;
      while (end < text.length() && !isBlank(text.charAt(end))) {
        end++;
      }
      addWord(words, new Word(text.substring(start, end), start + 1));
      start = end;
    }
    return words;
  }

  private void addWord(List<Word> words, Word word) {
    if (word.text.length() > LONGEST_WORD) {
      throw error(word, "a word of at most " + LONGEST_WORD + " characters");
    }
    int substitution = word.text.indexOf(POPT_SUBSTITUTION);
    if (substitution >= 0) {
      throw error(
          word.from(substitution), "no '" + POPT_SUBSTITUTION + "', which ipvsadm would replace");
    }
    // Wherever it stands: ipvsadm passes its own name over.
    if (!word.text.equals(OWN_NAME)) {
      words.add(word);
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  // Options, as libpopt takes them

  private void scan(List<Word> words) {
    boolean optionsOver = false;
    int next = 0;
    while (next < words.size()) {
      Word word = words.get(next++);
      if (optionsOver || !word.text.startsWith("-") || word.text.equals("-")) {
        leftovers.add(word);
      } else if (word.text.equals("--")) {
        optionsOver = true;
      } else if (word.text.startsWith("--")) {
        next = scanLong(word, words, next);
      } else {
        next = scanLetters(word, words, next);
      }
    }
  }

  private int scanLong(Word word, List<Word> words, int next) {
    int equals = word.text.indexOf('=');
    String name = word.text.substring(2, equals < 0 ? word.text.length() : equals);
    Option option = Option.named(name);
    if (option == null) {
      throw error(word, "an option of ipvsadm");
    }
    return take(option, word, equals < 0 ? null : word.from(equals + 1), words, next);
  }

  private int scanLetters(Word word, List<Word> words, int next) {
    int position = 1;
    while (position < word.text.length()) {
      Option option = Option.lettered(word.text.charAt(position));
      if (option == null) {
        throw error(word.from(position), "the letter of an option of ipvsadm");
      }
      Word letter = position == 1 ? word : word.from(position);
      position++;
      boolean assigned = position < word.text.length() && word.text.charAt(position) == '=';
      if (option.value() == Option.Value.NONE) {
        if (assigned) {
          throw error(word.from(position), option + " to stand without a value");
        }
        given.add(new Given(option, letter, null));
      } else if (position < word.text.length()) {
        return take(option, letter, word.from(assigned ? position + 1 : position), words, next);
      } else {
        return take(option, letter, null, words, next);
      }
    }
    return next;
  }

  private int take(Option option, Word name, @Nullable Word attached, List<Word> words, int next) {
    if (option.value() == Option.Value.NONE) {
      if (attached != null) {
        throw error(name, option + " to stand without a value");
      }
      given.add(new Given(option, name, null));
      return next;
    }
    if (attached != null) {
      given.add(new Given(option, name, attached));
      return next;
    }
    boolean optional = option.value() == Option.Value.OPTIONAL;
    if (next < words.size() && !(optional && words.get(next).text.startsWith("-"))) {
      given.add(new Given(option, name, words.get(next)));
      return next + 1;
    }
    if (!optional) {
      throw error(end(), "the value of " + option, "");
    }
    given.add(new Given(option, name, null));
    return next;
  }

  // Meaning

  private Command command() {
    if (given.isEmpty()) {
      Word first = leftovers.isEmpty() ? new Word("", end()) : leftovers.get(0);
      if (first.text.startsWith("#")) {
        throw error(first, "a comment to begin in the first column");
      }
      throw error(first, "a command (-A, -E, -D, -a, -e, -d, -C, -Z, --set, ...)");
    }
    Given first = given.get(0);
    return switch (first.option) {
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
        yield new Command.StartDaemon(daemon(role(first)));
      }
      case STOP_DAEMON -> {
        read(STOP_OPTIONS);
        syncId();
        yield new Command.StopDaemon(role(first));
      }
      default -> throw notACommand(first);
    };
  }

  private RulesSyntaxException notACommand(Given first) {
    return first.option.role() == Option.Role.NO_CHANGE
        ? error(first.name, "a command that changes the table: " + first.option + " does not")
        : error(
            first.name, "a command (-A, -E, -D, -a, -e, -d, -C, -Z, --set, ...) before options");
  }

  private void read(Set<Option> allowed) {
    Option command = given.get(0).option;
    if (!leftovers.isEmpty()) {
      throw unexpected(leftovers.get(0));
    }
    for (Given option : given.subList(1, given.size())) {
      if (!allowed.contains(option.option)) {
        throw error(
            option.name,
            option.option.role() == Option.Role.COMMAND
                    || option.option.role() == Option.Role.NO_CHANGE
                ? "one command a line"
                : "an option of the command " + command);
      }
      read(option);
    }
  }

  private RulesSyntaxException unexpected(Word word) {
    if (word.text.startsWith("#")) {
      return error(word, "the end of the line: a comment begins in the first column");
    }
    if (word.text.equals("(null)")) {
      return error(
          word,
          "a forwarding method: ipvsadm -S writes (null) for one that it cannot name,"
              + " and cannot read it back");
    }
    return error(word, "an option");
  }

  private void read(Given given) {
    Option option = given.option;
    Word value = given.value == null ? given.name : given.value;
    switch (option) {
      case TCP_SERVICE, UDP_SERVICE, SCTP_SERVICE, FWMARK_SERVICE -> readService(option, value);
      case IPV6 -> {
        if (mark == 0) {
          throw error(given.name, "-f before -6");
        }
        requireNoMaskYet(given.name);
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
        Address read = address(value, "a real server");
        serverAddress = read.address;
        serverPort = read.port < 0 ? port : read.port;
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
        defaultPersistence = given.value == null;
      }
      default -> once(option, value);
    }
  }

  private void readService(Option option, Word value) {
    if (service != null) {
      throw error(value, "one virtual service a line");
    }
    service = value;
    if (option == Option.FWMARK_SERVICE) {
      mark = mark(value);
      return;
    }
    protocol =
        switch (option) {
          case TCP_SERVICE -> Protocol.TCP;
          case UDP_SERVICE -> Protocol.UDP;
          default -> Protocol.SCTP;
        };
    Address read = address(value, "a virtual service");
    address = read.address;
    port = Math.max(read.port, 0);
    family = AddressFamily.of(read.address);
    if (family == AddressFamily.IPV6) {
      requireNoMaskYet(value);
    }
  }

  private void requireNoMaskYet(Word where) {
    Word mask = words.get(Option.NETMASK);
    if (mask != null) {
      throw error(
          where, "an IPv6 service before -M: ipvsadm would forget the mask that stands before it");
    }
  }

  private void readMask(Word value) {
    if (family == AddressFamily.IPV6) {
      prefixLength = number(value, "a prefix length", 1, 128);
      return;
    }
    InetAddress mask;
    try {
      mask = IpAddress.parse(value.text);
    } catch (IllegalArgumentException e) {
      throw error(value, "an IPv4 netmask such as 255.255.255.0", value.text, e);
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

  private void once(Option option, Word value) {
    if (words.putIfAbsent(option, value) != null) {
      throw twice(option, value);
    }
  }

  private RulesSyntaxException twice(Option option, Word value) {
    return error(value, option + " once");
  }

  // Values of the api

  private ServiceKey key() {
    if (service == null) {
      throw error(end(), A_SERVICE, "");
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
            required(service),
            "a port of 1 to 65535, or -p: a service for every port is persistent");
      }
      if (onePacket && !endpoint.protocol().equals(Protocol.UDP)) {
        throw error(
            required(words.get(Option.ONE_PACKET)),
            "-o (--ops) with -u or -f: only they schedule packet by packet");
      }
    }
    return VirtualService.observed(
        key, scheduler(), persistence, onePacket, foreign(key, persistence), List.of());
  }

  private Scheduler scheduler() {
    Word name = words.get(Option.SCHEDULER);
    Scheduler scheduler = name == null ? Scheduler.WLC : named(name, "a scheduler");
    Word flags = words.get(Option.SCHED_FLAGS);
    return flags == null ? scheduler : new Scheduler(scheduler.name(), flags(flags, scheduler));
  }

  private Scheduler named(Word name, String what) {
    requirePlain(name, what);
    try {
      return Scheduler.named(name.text);
    } catch (IllegalArgumentException e) {
      throw error(name, what + " of 1 to 15 printable ASCII characters", name.text, e);
    }
  }

  private Set<SchedulerFlag> flags(Word word, Scheduler scheduler) {
    if (word.text.length() > LONGEST_FLAGS) {
      throw error(word, "scheduler flags of at most " + LONGEST_FLAGS + " characters");
    }
    Set<SchedulerFlag> flags = EnumSet.noneOf(SchedulerFlag.class);
    int start = 0;
    while (start <= word.text.length()) {
      int comma = word.text.indexOf(',', start);
      int end = comma < 0 ? word.text.length() : comma;
      if (end > start) {
        flags.add(flag(new Word(word.text.substring(start, end), word.column + start), scheduler));
      }
      start = end + 1;
    }
    if (flags.isEmpty()) {
      throw error(word, "scheduler flags");
    }
    return flags;
  }

  private SchedulerFlag flag(Word word, Scheduler scheduler) {
    String wanted = word.text.startsWith("sh-") ? "sh" : word.text.startsWith("mh-") ? "mh" : "";
    SchedulerFlag flag =
        switch (word.text) {
          case "flag-1", "sh-fallback", "mh-fallback" -> SchedulerFlag.FLAG_1;
          case "flag-2", "sh-port", "mh-port" -> SchedulerFlag.FLAG_2;
          case "flag-3" -> SchedulerFlag.FLAG_3;
          default ->
              throw error(
                  word, "flag-1, flag-2, flag-3, sh-fallback, sh-port, mh-fallback or mh-port");
        };
    if (!wanted.isEmpty() && !scheduler.name().equals(wanted)) {
      throw error(word, "the scheduler " + wanted + " for this flag");
    }
    return flag;
  }

  private @Nullable Persistence persistence(ServiceKey key) {
    Word timeout = words.get(Option.PERSISTENT);
    Word engine = words.get(Option.ENGINE);
    if (timeout == null) {
      return null;
    }
    int seconds =
        defaultPersistence
            ? DEFAULT_PERSISTENCE
            : number(timeout, "a time of seconds", 1, LONGEST_PERSISTENCE);
    int mask = key.family() == AddressFamily.IPV6 ? prefixLength : netmask;
    Persistence persistence = Persistence.observed(seconds, key.family(), mask, null);
    return engine == null ? persistence : withEngine(persistence, engine);
  }

  private Persistence withEngine(Persistence persistence, Word engine) {
    requirePlain(engine, "a persistence engine");
    try {
      return persistence.engine(engine.text);
    } catch (IllegalArgumentException e) {
      throw error(
          engine, "a persistence engine of 1 to 15 printable ASCII characters", engine.text, e);
    }
  }

  /** An engine without -p has no effect, but ipvsadm sets it, and -S prints it. */
  private @Nullable ForeignSettings foreign(ServiceKey key, @Nullable Persistence persistence) {
    Word engine = words.get(Option.ENGINE);
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
      throw error(end(), "a real server (-r with its address)", "");
    }
    return new ServerKey(serverAddress, serverPort);
  }

  private RealServer server() {
    ServerKey key = serverKey();
    Forwarding forwarding = forwarding();
    if (AddressFamily.of(key.address()) != family && !(forwarding instanceof Forwarding.Tunnel)) {
      throw error(required(server), "a real server of the service's family: only -i mixes them");
    }
    boolean portKept = mark != 0 || forwarding instanceof Forwarding.Masquerade;
    return new RealServer(
        key.address(),
        portKept ? key.port() : port,
        forwarding,
        // The original ends at 65535; Debian's ipvsadm, and what it saves, goes on.
        number(Option.WEIGHT, "a weight", Integer.MAX_VALUE, 1),
        number(Option.UPPER_THRESHOLD, "a threshold", Integer.MAX_VALUE, 0),
        number(Option.LOWER_THRESHOLD, "a threshold", Integer.MAX_VALUE, 0));
  }

  private Forwarding forwarding() {
    if (words.containsKey(Option.IPIP)) {
      Encapsulation encapsulation = encapsulation();
      return encapsulation.equals(Encapsulation.ipip())
          ? Forwarding.TUNNEL
          : new Forwarding.Tunnel(encapsulation);
    }
    for (Option option :
        List.of(
            Option.TUNNEL_TYPE,
            Option.TUNNEL_PORT,
            Option.TUNNEL_NO_CHECKSUM,
            Option.TUNNEL_CHECKSUM,
            Option.TUNNEL_REMOTE_CHECKSUM)) {
      Word word = words.get(option);
      if (word != null) {
        throw error(word, "-i (--ipip) with options of a tunnel");
      }
    }
    return words.containsKey(Option.MASQUERADING)
        ? Forwarding.MASQUERADE
        : Forwarding.DIRECT_ROUTING;
  }

  private Encapsulation encapsulation() {
    Word type = words.get(Option.TUNNEL_TYPE);
    String name = type == null ? "ipip" : type.text;
    return switch (name) {
      case "ipip" -> {
        forbid(name, Option.TUNNEL_PORT, Option.TUNNEL_NO_CHECKSUM);
        forbid(name, Option.TUNNEL_CHECKSUM, Option.TUNNEL_REMOTE_CHECKSUM);
        yield Encapsulation.ipip();
      }
      case "gue" -> {
        Word portWord = words.get(Option.TUNNEL_PORT);
        if (portWord == null) {
          throw error(end(), "--tun-port for the tunnel type gue", "");
        }
        int tunnelPort = number(portWord, "a port", 1, 65535);
        yield new Encapsulation(Encapsulation.TYPE_GUE, tunnelPort, checksum());
      }
      case "gre" -> {
        forbid(name, Option.TUNNEL_PORT, Option.TUNNEL_REMOTE_CHECKSUM);
        yield new Encapsulation(Encapsulation.TYPE_GRE, 0, checksum());
      }
      default -> throw error(required(type), "the tunnel type ipip, gue or gre");
    };
  }

  private void forbid(String type, Option... options) {
    for (Option option : options) {
      Word word = words.get(option);
      if (word != null) {
        throw error(word, "no " + option + " for the tunnel type " + type);
      }
    }
  }

  private int checksum() {
    Word no = words.get(Option.TUNNEL_NO_CHECKSUM);
    Word yes = words.get(Option.TUNNEL_CHECKSUM);
    Word remote = words.get(Option.TUNNEL_REMOTE_CHECKSUM);
    if ((no == null ? 0 : 1) + (yes == null ? 0 : 1) + (remote == null ? 0 : 1) > 1) {
      throw error(
          required(remote != null ? remote : yes),
          "one of --tun-nocsum, --tun-csum and --tun-remcsum");
    }
    return yes != null
        ? Encapsulation.FLAG_CHECKSUM
        : remote != null ? Encapsulation.FLAG_REMOTE_CHECKSUM : 0;
  }

  private SyncDaemon.Role role(Given given) {
    Word value = required(given.value);
    return switch (value.text) {
      case "master" -> SyncDaemon.Role.MASTER;
      case "backup" -> SyncDaemon.Role.BACKUP;
      default -> throw error(value, "master or backup");
    };
  }

  private SyncDaemon daemon(SyncDaemon.Role role) {
    Word name = words.get(Option.MCAST_INTERFACE);
    int syncId = syncId();
    int maxLength = number(Option.SYNC_MAXLEN, "a length", 1, 65507, 0);
    int daemonPort = number(Option.MCAST_PORT, "a port", 1, 65535, SyncDaemon.DEFAULT_PORT);
    int ttl = number(Option.MCAST_TTL, "a time-to-live", 1, 255, 1);
    InetAddress group = group();
    String interfaceName = "eth0";
    if (name != null) {
      requirePlain(name, "an interface");
      interfaceName = name.text;
    }
    try {
      return new SyncDaemon(role, interfaceName, syncId, maxLength, group, daemonPort, ttl);
    } catch (IllegalArgumentException e) {
      throw error(required(name), "an interface name of 1 to 15 characters", interfaceName, e);
    }
  }

  @CanIgnoreReturnValue
  private int syncId() {
    return number(Option.SYNC_ID, "a sync id", 255, 0);
  }

  private InetAddress group() {
    Word word = words.get(Option.MCAST_GROUP);
    if (word == null) {
      return SyncDaemon.DEFAULT_GROUP;
    }
    InetAddress group = literal(word, "a multicast address");
    if (!group.isMulticastAddress()) {
      throw error(word, "a multicast address");
    }
    return group;
  }

  private Timeouts timeouts() {
    if (leftovers.size() < 3) {
      throw error(end(), "three time-outs: tcp, tcpfin, udp", "");
    }
    int[] seconds = new int[3];
    for (int i = 0; i < 3; i++) {
      Word word = leftovers.get(i);
      seconds[i] = number(word, "a time-out of seconds", 0, LONGEST_PERSISTENCE);
      if (Timeouts.ofSeconds(seconds[i], 0, 0).tcp().getSeconds() != seconds[i]) {
        throw error(word, "a time-out that every kernel takes, up to 2147483 seconds");
      }
    }
    leftovers.subList(0, 3).clear();
    return Timeouts.ofSeconds(seconds[0], seconds[1], seconds[2]);
  }

  // Addresses and numbers

  /** An address and its port, -1 if it has none. */
  private record Address(InetAddress address, int port) {}

  private Address address(Word word, String whose) {
    String value = word.text;
    String expected = "the address of " + whose + " (names are not looked up)";
    if (value.startsWith("[")) {
      int bracket = value.indexOf(']');
      if (bracket < 0 || bracket + 1 >= value.length() || value.charAt(bracket + 1) != ':') {
        throw error(word, "[IPv6 address]:port");
      }
      InetAddress v6 = literal(new Word(value.substring(1, bracket), word.column + 1), expected);
      if (v6 instanceof Inet4Address) {
        throw error(word, "an IPv6 address in the brackets");
      }
      return new Address(v6, port(word.from(bracket + 2)));
    }
    int colon = value.lastIndexOf(':');
    if (colon != value.indexOf(':')) {
      return new Address(literal(word, expected), -1);
    }
    if (colon < 0) {
      return new Address(literal(word, expected), -1);
    }
    InetAddress v4 = literal(new Word(value.substring(0, colon), word.column), expected);
    return new Address(v4, port(word.from(colon + 1)));
  }

  private InetAddress literal(Word word, String expected) {
    InetAddress literal;
    try {
      literal = IpAddress.parse(word.text);
    } catch (IllegalArgumentException e) {
      throw error(word, expected, word.text, e);
    }
    if (literal instanceof Inet4Address && word.text.indexOf(':') >= 0) {
      throw error(word, expected + ", not an IPv4 address in IPv6 form");
    }
    return literal;
  }

  private int port(Word word) {
    return number(word, "a port (names are not looked up)", 0, 65535);
  }

  private long mark(Word word) {
    OptionalLong value = decimal(word.text);
    if (value.isEmpty()
        || value.getAsLong() == 0
        || value.getAsLong() < -0x8000_0000L
        || value.getAsLong() > 0xffff_ffffL) {
      throw error(word, "a firewall mark of 1 to 4294967295");
    }
    // ipvsadm -S writes marks above 2^31 - 1 as negative numbers.
    return value.getAsLong() & 0xffff_ffffL;
  }

  private int number(Option option, String what, int most, int absent) {
    return number(option, what, 0, most, absent);
  }

  private int number(Option option, String what, int least, int most, int absent) {
    Word word = words.get(option);
    return word == null ? absent : number(word, what, least, most);
  }

  private int number(Word word, String what, int least, int most) {
    OptionalLong value = decimal(word.text);
    if (value.isEmpty() || value.getAsLong() < least || value.getAsLong() > most) {
      throw error(word, what + " of " + least + " to " + most);
    }
    return (int) value.getAsLong();
  }

  /** A number as strtol takes it, but for leading white space; empty if it is none. */
  private static OptionalLong decimal(String digits) {
    boolean negative = digits.startsWith("-");
    int position = negative || digits.startsWith("+") ? 1 : 0;
    if (position == digits.length()) {
      return OptionalLong.empty();
    }
    long value = 0;
    for (; position < digits.length(); position++) {
      int digit = digits.charAt(position) - '0';
      if (digit < 0 || digit > 9) {
        return OptionalLong.empty();
      }
      // Stays beyond every range once it is there, and does not overflow.
      value = Math.min(value * 10 + digit, 1L << 40);
    }
    return OptionalLong.of(negative ? -value : value);
  }

  private void requirePlain(Word word, String what) {
    if (word.text.indexOf('"') >= 0 || word.text.indexOf('\'') >= 0) {
      throw error(word, what + " without quotes, which ipvsadm does not remove");
    }
  }

  // Errors

  private static Word required(@Nullable Word word) {
    if (word == null) {
      throw new IllegalStateException("an option that was seen is gone");
    }
    return word;
  }

  private int end() {
    return text.stripTrailing().length() + 1;
  }

  private RulesSyntaxException error(Word word, String expected) {
    return error(word.column, expected, word.text);
  }

  private RulesSyntaxException error(Word word, String expected, String found, Throwable cause) {
    RulesSyntaxException error = error(word.column, expected, found);
    error.initCause(cause);
    return error;
  }

  private RulesSyntaxException error(int column, String expected, String found) {
    return new RulesSyntaxException(line, column, expected, RulesSyntaxException.excerpt(found));
  }
}
