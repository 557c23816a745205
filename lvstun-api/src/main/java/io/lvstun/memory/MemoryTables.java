// SPDX-License-Identifier: Apache-2.0
package io.lvstun.memory;

import io.lvstun.AddressFamily;
import io.lvstun.Command;
import io.lvstun.Encapsulation;
import io.lvstun.ForeignSettings;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.spi.KernelError;
import io.lvstun.state.Connection;
import io.lvstun.state.Counters;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one network namespace and the rules for changing them. Every check is in the place
 * where ip_vs_ctl.c has it, because with two mistakes in one command the first check decides the
 * error. Thread-safe.
 */
final class MemoryTables {

  static final IpvsInfo INFO = new IpvsInfo(0x010201, 4096);

  /** Ticks a second of Debian's kernels. Persistence time-outs are kept in 32-bit ticks. */
  private static final long HZ = 250;

  private static final long U32 = 0xffff_ffffL;
  private static final int FORWARDING_TUNNEL = 2;
  private static final int HEADERS_IPV4 = 20 + 8;
  private static final int HEADERS_IPV6 = 40 + 8;

  private final Set<String> schedulers;
  private final Set<String> engines;
  private final Map<String, Integer> interfaces;
  private final boolean ipv6;

  private final Map<ServiceKey, Service> endpoints = new LinkedHashMap<>();
  private final Map<ServiceKey, Service> marks = new LinkedHashMap<>();
  private final Map<SyncDaemon.Role, SyncDaemon> daemons = new EnumMap<>(SyncDaemon.Role.class);
  private Timeouts timeouts = Timeouts.ofSeconds(900, 120, 300);
  private List<Connection> connections = List.of();

  MemoryTables(
      Set<String> schedulers, Set<String> engines, Map<String, Integer> interfaces, boolean ipv6) {
    this.schedulers = Set.copyOf(schedulers);
    this.engines = Set.copyOf(engines);
    this.interfaces = Map.copyOf(interfaces);
    this.ipv6 = ipv6;
  }

  private static final class Service {
    private VirtualService definition;
    private Counters counters = Counters.ZERO;
    private final Map<ServerKey, Server> servers = new LinkedHashMap<>();

    Service(VirtualService definition) {
      this.definition = definition;
    }

    ServiceState state() {
      List<ServerState> states = new ArrayList<>(servers.size());
      for (Server server : servers.values()) {
        states.add(server.state);
      }
      Collections.reverse(states);
      VirtualService whole =
          VirtualService.observed(
              definition.key(),
              definition.scheduler(),
              definition.persistence().orElse(null),
              definition.onePacket(),
              definition.foreign().orElse(null),
              states.stream().map(ServerState::definition).toList());
      return new ServiceState(whole, states, counters, rates());
    }

    private Rates rates() {
      long[] sum = new long[5];
      for (Server server : servers.values()) {
        Rates rates = server.state.rates();
        sum[0] += rates.connections();
        sum[1] += rates.inPackets();
        sum[2] += rates.outPackets();
        sum[3] += rates.inBytes();
        sum[4] += rates.outBytes();
      }
      return Rates.of(sum[0], sum[1], sum[2], sum[3], sum[4]);
    }

    void zero() {
      counters = Counters.ZERO;
      for (Server server : servers.values()) {
        ServerState state = server.state;
        server.state =
            new ServerState(
                state.definition(),
                state.activeConnections(),
                state.inactiveConnections(),
                state.persistentConnections(),
                Counters.ZERO,
                Rates.ZERO);
      }
    }

    boolean mixesFamilies() {
      return servers.keySet().stream()
          .anyMatch(key -> AddressFamily.of(key.address()) != definition.key().family());
    }
  }

  private static final class Server {
    private ServerState state;

    Server(ServerState state) {
      this.state = state;
    }
  }

  // -- commands ---------------------------------------------------------------------------------

  /** Carries a command out, or says why not. */
  synchronized Optional<KernelError> execute(Command command) {
    if (command instanceof Command.AddService add) {
      return error(add(add.service()));
    } else if (command instanceof Command.EditService edit) {
      return error(edit(edit.service()));
    } else if (command instanceof Command.RemoveService remove) {
      return error(remove(remove.service()));
    } else if (command instanceof Command.AddServer add) {
      return error(put(add.service(), add.server(), true));
    } else if (command instanceof Command.EditServer edit) {
      return error(put(edit.service(), edit.server(), false));
    } else if (command instanceof Command.RemoveServer remove) {
      return error(remove(remove.service(), remove.server()));
    } else if (command instanceof Command.StartDaemon start) {
      return error(start(start.daemon()));
    } else if (command instanceof Command.StopDaemon stop) {
      return error(daemons.remove(stop.role()) == null ? KernelError.ESRCH : null);
    } else if (command instanceof Command.SetTimeouts set) {
      set(set.timeouts());
    } else if (command instanceof Command.Zero zero) {
      return zero.service().isPresent() ? error(zero(zero.service().get())) : zeroAll();
    } else if (command instanceof Command.Flush) {
      endpoints.clear();
      marks.clear();
    }
    return Optional.empty();
  }

  private static Optional<KernelError> error(@Nullable KernelError error) {
    return Optional.ofNullable(error);
  }

  private Map<ServiceKey, Service> table(ServiceKey key) {
    return key instanceof ServiceKey.Mark ? marks : endpoints;
  }

  private @Nullable Service find(ServiceKey key) {
    return table(key).get(key);
  }

  private boolean familyMissing(AddressFamily family) {
    return family == AddressFamily.IPV6 && !ipv6;
  }

  private @Nullable KernelError add(VirtualService service) {
    if (familyMissing(service.key().family())) {
      return KernelError.EAFNOSUPPORT;
    }
    if (find(service.key()) != null) {
      return KernelError.EEXIST;
    }
    KernelError error = checkSettings(service);
    if (error == null) {
      table(service.key()).put(service.key(), new Service(asKept(service)));
    }
    return error;
  }

  private @Nullable KernelError edit(VirtualService service) {
    if (familyMissing(service.key().family())) {
      return KernelError.EAFNOSUPPORT;
    }
    Service present = find(service.key());
    if (present == null) {
      return KernelError.ESRCH;
    }
    KernelError error = checkSettings(service);
    if (error == null) {
      present.definition = asKept(service);
    }
    return error;
  }

  private @Nullable KernelError checkSettings(VirtualService service) {
    String scheduler = service.scheduler().name();
    if (!scheduler.equals("none") && !schedulers.contains(scheduler)) {
      return KernelError.ENOENT;
    }
    Optional<Persistence> persistence = service.persistence();
    String engine =
        persistence
            .flatMap(Persistence::engine)
            .or(() -> service.foreign().map(ForeignSettings::engine))
            .orElse("");
    if (!engine.isEmpty() && !engines.contains(engine)) {
      return KernelError.ENOENT;
    }
    if (service.key().family() == AddressFamily.IPV6) {
      int length =
          persistence
              .map(wanted -> wanted.mask(AddressFamily.IPV6))
              .or(() -> service.foreign().map(ForeignSettings::mask))
              .orElse(128);
      if (length < 1 || length > 128) {
        return KernelError.EINVAL;
      }
    }
    return null;
  }

  /** The service as the kernel gives it back: its fields are narrower than the value's. */
  private static VirtualService asKept(VirtualService service) {
    AddressFamily family = service.key().family();
    Persistence persistence =
        service
            .persistence()
            .map(
                wanted ->
                    Persistence.observed(
                        (wanted.timeout().getSeconds() * HZ & U32) / HZ,
                        family,
                        wanted.mask(family),
                        wanted.engine().filter(name -> !name.isEmpty()).orElse(null)))
            .orElse(null);
    Scheduler scheduler =
        new Scheduler(
            service.scheduler().name(), Scheduler.flagsOf(service.scheduler().flagBits()));
    return VirtualService.observed(
        service.key(),
        scheduler,
        persistence,
        service.onePacket(),
        service.foreign().flatMap(wanted -> asKept(wanted, service)).orElse(null),
        List.of());
  }

  private static Optional<ForeignSettings> asKept(ForeignSettings wanted, VirtualService service) {
    return ForeignSettings.observed(
        service.key().family(),
        wanted.flagBits() | (service.persistence().isPresent() ? 1 : 0),
        (wanted.timeoutSeconds() * HZ & U32) / HZ,
        wanted.mask(),
        wanted.engine());
  }

  private @Nullable KernelError remove(ServiceKey key) {
    if (familyMissing(key.family())) {
      return KernelError.EAFNOSUPPORT;
    }
    return table(key).remove(key) == null ? KernelError.ESRCH : null;
  }

  private @Nullable KernelError put(ServiceKey key, RealServer server, boolean add) {
    if (familyMissing(key.family())) {
      return KernelError.EAFNOSUPPORT;
    }
    Service service = find(key);
    if (service == null) {
      return KernelError.ESRCH;
    }
    AddressFamily family = AddressFamily.of(server.address());
    if (familyMissing(family)) {
      return KernelError.EAFNOSUPPORT;
    }
    boolean tunnel = (server.forwarding().code() & 7) == FORWARDING_TUNNEL;
    if (family != key.family() && (!daemons.isEmpty() || !tunnel)) {
      return KernelError.EINVAL;
    }
    KernelError error = checkNumbers(server);
    if (error != null) {
      return error;
    }
    Server present = service.servers.get(server.key());
    if (add) {
      if (present != null) {
        return KernelError.EEXIST;
      }
      if (!unicast(server.address())) {
        return KernelError.EINVAL;
      }
      ServerState state = new ServerState(asKept(server), 0, 0, 0, Counters.ZERO, Rates.ZERO);
      service.servers.put(server.key(), new Server(state));
      return null;
    }
    if (present == null) {
      return KernelError.ENOENT;
    }
    ServerState state = present.state;
    present.state =
        new ServerState(
            asKept(server),
            state.activeConnections(),
            state.inactiveConnections(),
            state.persistentConnections(),
            state.counters(),
            state.rates());
    return null;
  }

  private static @Nullable KernelError checkNumbers(RealServer server) {
    if (server.lowerThreshold() > server.upperThreshold()) {
      return KernelError.ERANGE;
    }
    if (server.forwarding() instanceof Forwarding.Tunnel tunnel
        && tunnel.encapsulation().type() == Encapsulation.TYPE_GUE
        && tunnel.encapsulation().port() == 0) {
      return KernelError.EINVAL;
    }
    return null;
  }

  private static RealServer asKept(RealServer server) {
    Encapsulation encapsulation =
        server.forwarding() instanceof Forwarding.Tunnel tunnel
            ? tunnel.encapsulation()
            : Encapsulation.ipip();
    return new RealServer(
        IpAddress.ofBytes(server.address().getAddress()),
        server.port(),
        Forwarding.observed(server.forwarding().code(), encapsulation),
        server.weight(),
        server.upperThreshold(),
        server.lowerThreshold());
  }

  /** What {@code inet_addr_type} and {@code ipv6_addr_type} say of an address that is not local. */
  private static boolean unicast(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      boolean broadcast = (bytes[0] & bytes[1] & bytes[2] & bytes[3]) == -1;
      return !broadcast && !address.isAnyLocalAddress() && !address.isMulticastAddress();
    }
    return !address.isAnyLocalAddress()
        && !address.isMulticastAddress()
        && !address.isLinkLocalAddress()
        && IpAddress.ofBytes(bytes).getAddress().length == 16;
  }

  private @Nullable KernelError remove(ServiceKey key, ServerKey server) {
    if (familyMissing(key.family())) {
      return KernelError.EAFNOSUPPORT;
    }
    Service service = find(key);
    if (service == null) {
      return KernelError.ESRCH;
    }
    if (familyMissing(AddressFamily.of(server.address()))) {
      return KernelError.EAFNOSUPPORT;
    }
    return service.servers.remove(server) == null ? KernelError.ENOENT : null;
  }

  private @Nullable KernelError start(SyncDaemon daemon) {
    if (Stream.concat(endpoints.values().stream(), marks.values().stream())
        .anyMatch(Service::mixesFamilies)) {
      return KernelError.EINVAL;
    }
    Integer mtu = interfaces.get(daemon.interfaceName());
    if (mtu == null) {
      return KernelError.ENODEV;
    }
    if (daemons.containsKey(daemon.role())) {
      return KernelError.EEXIST;
    }
    daemons.put(daemon.role(), daemon.maxLength(maxLength(daemon, mtu)));
    return null;
  }

  /** The payload as {@code start_sync_thread} settles it. */
  private static int maxLength(SyncDaemon daemon, int mtu) {
    boolean backup = daemon.role() == SyncDaemon.Role.BACKUP;
    int headers =
        AddressFamily.of(daemon.group()) == AddressFamily.IPV6 ? HEADERS_IPV6 : HEADERS_IPV4;
    if (daemon.maxLength() == 0) {
      return (backup ? clamp(mtu, 1500, 65535) : 1500) - headers;
    }
    return clamp(daemon.maxLength(), backup ? 1024 : 1, 65535 - headers);
  }

  private static int clamp(int value, int least, int most) {
    return Math.max(least, Math.min(most, value));
  }

  private void set(Timeouts wanted) {
    timeouts =
        new Timeouts(
            unlessZero(wanted.tcp(), timeouts.tcp()),
            unlessZero(wanted.tcpFin(), timeouts.tcpFin()),
            unlessZero(wanted.udp(), timeouts.udp()));
  }

  private static Duration unlessZero(Duration wanted, Duration present) {
    return wanted.isZero() ? present : wanted;
  }

  private @Nullable KernelError zero(ServiceKey key) {
    if (familyMissing(key.family())) {
      return KernelError.EAFNOSUPPORT;
    }
    Service service = find(key);
    if (service == null) {
      return KernelError.ESRCH;
    }
    service.zero();
    return null;
  }

  private Optional<KernelError> zeroAll() {
    endpoints.values().forEach(Service::zero);
    marks.values().forEach(Service::zero);
    return Optional.empty();
  }

  // -- reads ------------------------------------------------------------------------------------

  synchronized List<ServiceState> services() {
    return Stream.concat(endpoints.values().stream(), marks.values().stream())
        .map(Service::state)
        .toList();
  }

  synchronized Optional<ServiceState> service(ServiceKey key) {
    return Optional.ofNullable(find(key)).map(Service::state);
  }

  synchronized Timeouts timeouts() {
    return timeouts;
  }

  /** The master first, as the kernel lists them. */
  synchronized List<SyncDaemon> syncDaemons() {
    return List.copyOf(daemons.values());
  }

  synchronized List<Connection> connections() {
    return connections;
  }

  // -- what traffic would do --------------------------------------------------------------------

  synchronized void observeConnections(List<Connection> connections) {
    this.connections = connections;
  }

  synchronized void observe(ServiceKey key, ServerState state) {
    Service service = find(key);
    Server server = service == null ? null : service.servers.get(state.key());
    if (service == null || server == null) {
      throw new IllegalArgumentException(
          "real server " + state.key() + " is not in " + key + " of the memory driver");
    }
    service.counters = grown(service.counters, server.state.counters(), state.counters());
    server.state =
        new ServerState(
            server.state.definition(),
            state.activeConnections(),
            state.inactiveConnections(),
            state.persistentConnections(),
            state.counters(),
            state.rates());
  }

  private static Counters grown(Counters total, Counters before, Counters now) {
    return Counters.of(
        total.connections() + now.connections() - before.connections(),
        total.inPackets() + now.inPackets() - before.inPackets(),
        total.outPackets() + now.outPackets() - before.outPackets(),
        total.inBytes() + now.inBytes() - before.inBytes(),
        total.outBytes() + now.outBytes() - before.outBytes());
  }
}
