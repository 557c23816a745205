// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.ipvs;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable.ConnectionCount;
import io.lvstun.diagnostics.facts.section.Lines;
import io.lvstun.host.ForeignText;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code /proc/net/ip_vs} and {@code ipvsadm} write. */
final class IpvsText {

  private static final Pattern DAEMON = Pattern.compile("(master|backup) sync daemon \\((.*)\\)");
  private static final Pattern TIMEOUTS =
      Pattern.compile("(?m)^Timeout \\(tcp tcpfin udp\\): (\\d{1,9}) (\\d{1,9}) (\\d{1,9})\\s*$");

  private IpvsText() {}

  static ServiceState state(ServiceKey key, VirtualService definition, List<ServerState> servers) {
    return new ServiceState(
        VirtualService.observed(
            key,
            definition.scheduler(),
            definition.persistence().orElse(null),
            definition.onePacket(),
            servers.stream().map(ServerState::definition).toList()),
        servers,
        Counters.ZERO,
        Rates.ZERO);
  }

  /**
   * The table of {@code /proc/net/ip_vs}, after {@code grep -H}: addresses and ports hexadecimal.
   */
  static List<ServiceState> proc(String text) {
    List<ServiceState> services = new ArrayList<>();
    @Nullable VirtualService service = null;
    List<ServerState> servers = new ArrayList<>();
    for (String line : Lines.of(text)) {
      String content = line.substring(line.indexOf(':') + 1);
      List<String> words = Lines.words(content);
      if (words.size() >= 6 && words.get(0).equals("->") && service != null) {
        if (words.get(1).startsWith("RemoteAddress")) {
          continue;
        }
        servers.add(
            new ServerState(
                new RealServer(
                    hexAddress(words.get(1)),
                    hexPort(words.get(1)),
                    forwarding(words.get(2)),
                    integer(words.get(3)),
                    0,
                    0),
                integer(words.get(4)),
                integer(words.get(5)),
                0,
                Counters.ZERO,
                Rates.ZERO));
      } else if (words.size() >= 3 && isProtocol(words.get(0))) {
        if (service != null) {
          services.add(state(service.key(), service, servers));
          servers = new ArrayList<>();
        }
        service = procService(words);
      }
    }
    if (service != null) {
      services.add(state(service.key(), service, servers));
    }
    return List.copyOf(services);
  }

  private static VirtualService procService(List<String> words) {
    ServiceKey key;
    int at = 2;
    if (words.get(0).equals("FWM")) {
      boolean ipv6 = words.get(2).equals("IPv6");
      at = ipv6 ? 3 : 2;
      key =
          new ServiceKey.Mark(
              Long.parseLong(checkedHex(words.get(1)), 16),
              ipv6 ? AddressFamily.IPV6 : AddressFamily.IPV4);
    } else {
      key =
          new ServiceKey.Endpoint(
              protocol(words.get(0)), hexAddress(words.get(1)), hexPort(words.get(1)));
    }
    // The time-out is in ticks of unknown length: only that there is one can be told.
    Persistence persistence =
        words.contains("persistent") ? Persistence.of(Persistence.DEFAULT_TIMEOUT) : null;
    return VirtualService.observed(
        key,
        Scheduler.named(at < words.size() ? words.get(at) : "none"),
        persistence,
        words.contains("ops"),
        List.of());
  }

  /** The commands of {@code ipvsadm -S -n}; options that are not known are passed over. */
  static List<ServiceState> saved(String text) {
    Map<ServiceKey, VirtualService> services = new LinkedHashMap<>();
    Map<ServiceKey, List<ServerState>> servers = new LinkedHashMap<>();
    for (String line : Lines.of(text)) {
      List<String> words = Lines.words(line);
      if (words.isEmpty() || !(words.get(0).equals("-A") || words.get(0).equals("-a"))) {
        continue;
      }
      ServiceKey key = savedKey(words);
      if (words.get(0).equals("-A")) {
        String timeout = after(words, "-p", "");
        Persistence persistence =
            timeout.isEmpty()
                ? null
                : Persistence.observed(
                    integer(timeout),
                    key.family(),
                    mask(after(words, "-M", ""), key.family()),
                    after(words, "--pe", "").isEmpty() ? null : after(words, "--pe", ""));
        services.put(
            key,
            VirtualService.observed(
                key,
                Scheduler.named(after(words, "-s", "wlc")),
                persistence,
                words.contains("-o"),
                List.of()));
      } else {
        servers
            .computeIfAbsent(key, unused -> new ArrayList<>())
            .add(new ServerState(savedServer(words), 0, 0, 0, Counters.ZERO, Rates.ZERO));
      }
    }
    List<ServiceState> states = new ArrayList<>();
    services.forEach(
        (key, service) -> states.add(state(key, service, servers.getOrDefault(key, List.of()))));
    return List.copyOf(states);
  }

  private static ServiceKey savedKey(List<String> words) {
    for (int i = 0; i + 1 < words.size(); i++) {
      String value = words.get(i + 1);
      switch (words.get(i)) {
        case "-t" -> {
          return endpoint(Protocol.TCP, value);
        }
        case "-u" -> {
          return endpoint(Protocol.UDP, value);
        }
        case "--sctp-service" -> {
          return endpoint(Protocol.SCTP, value);
        }
        case "-f" -> {
          return new ServiceKey.Mark(
              mark(value), words.contains("-6") ? AddressFamily.IPV6 : AddressFamily.IPV4);
        }
        default -> {
          // An option of the service or of the server.
        }
      }
    }
    throw new IllegalArgumentException(
        "no service in " + ForeignText.printable(String.join(" ", words)));
  }

  private static ServiceKey endpoint(Protocol protocol, String text) {
    return new ServiceKey.Endpoint(protocol, address(text), port(text));
  }

  private static RealServer savedServer(List<String> words) {
    String server = after(words, "-r", "");
    int code = words.contains("-i") ? 2 : words.contains("-m") ? 0 : 3;
    int type =
        switch (after(words, "--tun-type", "ipip")) {
          case "gue" -> Encapsulation.TYPE_GUE;
          case "gre" -> Encapsulation.TYPE_GRE;
          default -> Encapsulation.TYPE_IPIP;
        };
    int flags =
        words.contains("--tun-csum")
            ? Encapsulation.FLAG_CHECKSUM
            : words.contains("--tun-remcsum") ? Encapsulation.FLAG_REMOTE_CHECKSUM : 0;
    return new RealServer(
        address(server),
        port(server),
        Forwarding.observed(
            code, new Encapsulation(type, integer(after(words, "--tun-port", "0")), flags)),
        integer(after(words, "-w", "1")),
        0,
        0);
  }

  private static int mask(String text, AddressFamily family) {
    if (text.isEmpty()) {
      return family == AddressFamily.IPV6 ? 128 : -1;
    }
    if (family == AddressFamily.IPV6) {
      return integer(text);
    }
    byte[] bytes = IpAddress.parse(text).getAddress();
    return java.nio.ByteBuffer.wrap(bytes).getInt();
  }

  /** {@code ipvsadm -Ln --stats --exact}. */
  static Map<ServiceKey, Map<ServerKey, Counters>> statistics(String text) {
    Map<ServiceKey, Map<ServerKey, Counters>> counters = new LinkedHashMap<>();
    listed(
        text,
        (service, server, words) -> {
          if (words.size() >= 7) {
            counters
                .computeIfAbsent(service, unused -> new LinkedHashMap<>())
                .put(
                    server,
                    Counters.of(
                        number(words.get(2)),
                        number(words.get(3)),
                        number(words.get(4)),
                        number(words.get(5)),
                        number(words.get(6))));
          }
        });
    return counters;
  }

  /** {@code ipvsadm -Ln --thresholds}: upper and lower of each server. */
  static Map<ServiceKey, Map<ServerKey, long[]>> thresholds(String text) {
    Map<ServiceKey, Map<ServerKey, long[]>> thresholds = new LinkedHashMap<>();
    listed(
        text,
        (service, server, words) -> {
          if (words.size() >= 4) {
            thresholds
                .computeIfAbsent(service, unused -> new LinkedHashMap<>())
                .put(server, new long[] {number(words.get(2)), number(words.get(3))});
          }
        });
    return thresholds;
  }

  private interface ServerLine {
    void accept(ServiceKey service, ServerKey server, List<String> words);
  }

  private static void listed(String text, ServerLine consumer) {
    @Nullable ServiceKey service = null;
    for (String line : Lines.of(text)) {
      List<String> words = Lines.words(line);
      if (words.size() < 2) {
        continue;
      }
      if (words.get(0).equals("->")) {
        if (service != null && !words.get(1).startsWith("RemoteAddress")) {
          consumer.accept(service, new ServerKey(address(words.get(1)), port(words.get(1))), words);
        }
      } else if (words.get(0).equals("FWM")) {
        service =
            new ServiceKey.Mark(
                mark(words.get(1)),
                words.contains("IPv6") ? AddressFamily.IPV6 : AddressFamily.IPV4);
      } else if (isProtocol(words.get(0))) {
        service = endpoint(protocol(words.get(0)), words.get(1));
      }
    }
  }

  static Timeouts timeouts(String text) {
    Matcher matcher = TIMEOUTS.matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("no time-outs in the output of ipvsadm");
    }
    return Timeouts.ofSeconds(
        Long.parseLong(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        Long.parseLong(matcher.group(3)));
  }

  /**
   * {@code master sync daemon (mcast=eth0, syncid=1, maxlen=1472, group=224.0.0.81, port=8848,
   * ttl=1)}.
   */
  static List<SyncDaemon> daemons(String text) {
    List<SyncDaemon> daemons = new ArrayList<>();
    Matcher matcher = DAEMON.matcher(text);
    while (matcher.find()) {
      Map<String, String> properties =
          Lines.properties(matcher.group(2).replace(", ", "\n").replace(",", "\n"));
      daemons.add(
          new SyncDaemon(
              matcher.group(1).equals("master") ? SyncDaemon.Role.MASTER : SyncDaemon.Role.BACKUP,
              properties.getOrDefault("mcast", ""),
              integer(properties.getOrDefault("syncid", "0")),
              integer(properties.getOrDefault("maxlen", "0")),
              properties.containsKey("group")
                  ? IpAddress.parse(properties.get("group"))
                  : SyncDaemon.DEFAULT_GROUP,
              integer(properties.getOrDefault("port", Integer.toString(SyncDaemon.DEFAULT_PORT))),
              integer(properties.getOrDefault("ttl", "1"))));
    }
    return List.copyOf(daemons);
  }

  /**
   * {@code COUNT PROTOCOL VIP VPORT RIP RPORT STATE}, counted from {@code /proc/net/ip_vs_conn}.
   */
  static List<ConnectionCount> connections(String text) {
    List<ConnectionCount> counts = new ArrayList<>();
    for (String line : Lines.of(text)) {
      List<String> words = Lines.words(line);
      if (words.size() == 7 && Lines.number(words.get(0), 18)) {
        counts.add(
            new ConnectionCount(
                words.get(1)
                    + " "
                    + IpAddress.format(
                        hexAddress(words.get(2)), Integer.parseInt(checkedHex(words.get(3)), 16)),
                new ServerKey(
                    hexAddress(words.get(4)), Integer.parseInt(checkedHex(words.get(5)), 16)),
                words.get(6),
                Long.parseLong(words.get(0))));
      }
    }
    return List.copyOf(counts);
  }

  private static boolean isProtocol(String word) {
    return word.equals("TCP") || word.equals("UDP") || word.equals("SCTP") || word.equals("FWM");
  }

  private static Protocol protocol(String word) {
    return switch (word) {
      case "TCP" -> Protocol.TCP;
      case "UDP" -> Protocol.UDP;
      default -> Protocol.SCTP;
    };
  }

  private static Forwarding forwarding(String word) {
    int code =
        switch (word) {
          case "Masq" -> 0;
          case "Local" -> 1;
          case "Tunnel" -> 2;
          case "Route" -> 3;
          default -> 4;
        };
    return Forwarding.observed(code, Encapsulation.ipip());
  }

  private static String after(List<String> words, String option, String fallback) {
    int at = words.indexOf(option);
    return at >= 0 && at + 1 < words.size() ? words.get(at + 1) : fallback;
  }

  private static InetAddress address(String text) {
    int end = text.lastIndexOf(':');
    String literal = end < 0 ? text : text.substring(0, end);
    return IpAddress.parse(
        literal.startsWith("[") && literal.endsWith("]")
            ? literal.substring(1, literal.length() - 1)
            : literal);
  }

  private static int port(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    return colon < 0 ? 0 : integer(port);
  }

  /** {@code C0A801C8}, {@code C0A801C8:0050} or {@code [2001:0db8:...]:0050}. */
  private static InetAddress hexAddress(String text) {
    if (text.startsWith("[")) {
      return IpAddress.parse(text.substring(1, Math.max(1, text.indexOf(']'))));
    }
    int colons = (int) text.chars().filter(c -> c == ':').count();
    if (colons > 1) {
      return IpAddress.parse(text);
    }
    String hex = colons == 0 ? text : text.substring(0, text.indexOf(':'));
    if (!hex.matches("[0-9A-Fa-f]{8}")) {
      throw new IllegalArgumentException("no address in " + ForeignText.printable(text));
    }
    return IpAddress.ofBytes(HexFormat.of().parseHex(hex));
  }

  private static int hexPort(String text) {
    return Integer.parseInt(checkedHex(text.substring(text.lastIndexOf(':') + 1)), 16);
  }

  private static String checkedHex(String text) {
    if (!text.matches("[0-9A-Fa-f]{1,8}")) {
      throw new IllegalArgumentException("no number in " + ForeignText.printable(text));
    }
    return text;
  }

  private static int integer(String text) {
    if (!Lines.number(text, 10) || Long.parseLong(text) > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("no number: " + ForeignText.printable(text));
    }
    return Integer.parseInt(text);
  }

  /** ipvsadm writes marks from 2^31 on as negative numbers. */
  private static long mark(String text) {
    long mark = Long.parseLong(text);
    if (mark < Integer.MIN_VALUE || mark > 0xffff_ffffL) {
      throw new IllegalArgumentException("no firewall mark: " + ForeignText.printable(text));
    }
    return mark & 0xffff_ffffL;
  }

  private static long number(String text) {
    if (!Lines.number(text, 19)) {
      throw new IllegalArgumentException("no number: " + ForeignText.printable(text));
    }
    return Long.parseUnsignedLong(text);
  }
}
