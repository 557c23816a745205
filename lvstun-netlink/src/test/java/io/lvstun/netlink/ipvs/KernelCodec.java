// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

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
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's half of the IPVS family, written from {@code ip_vs_genl_*} of {@code ip_vs_ctl.c}:
 * reads what {@link Encoder} writes, writes what {@link Decoder} reads.
 */
final class KernelCodec {

  /** A request that the kernel would refuse as invalid. */
  static final class Invalid extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final int errno;

    Invalid(int errno) {
      super("errno " + errno);
      this.errno = errno;
    }
  }

  private KernelCodec() {}

  // -- reading requests ---------------------------------------------------------------------------

  static Command command(MessageReader request) {
    Map<Integer, byte[]> top = attributes(request);
    return switch (request.genericCommand()) {
      case Ipvs.IPVS_CMD_NEW_SERVICE -> new Command.AddService(service(nest(top, 1)));
      case Ipvs.IPVS_CMD_SET_SERVICE -> new Command.EditService(service(nest(top, 1)));
      case Ipvs.IPVS_CMD_DEL_SERVICE -> new Command.RemoveService(key(nest(top, 1)));
      case Ipvs.IPVS_CMD_NEW_DEST ->
          new Command.AddServer(key(nest(top, 1)), server(nest(top, 2), key(nest(top, 1))));
      case Ipvs.IPVS_CMD_SET_DEST ->
          new Command.EditServer(key(nest(top, 1)), server(nest(top, 2), key(nest(top, 1))));
      case Ipvs.IPVS_CMD_DEL_DEST ->
          new Command.RemoveServer(key(nest(top, 1)), serverKey(nest(top, 2), key(nest(top, 1))));
      case Ipvs.IPVS_CMD_NEW_DAEMON -> new Command.StartDaemon(daemon(nest(top, 3)));
      case Ipvs.IPVS_CMD_DEL_DAEMON -> new Command.StopDaemon(role(u32(nest(top, 3), 1)));
      case Ipvs.IPVS_CMD_SET_CONFIG ->
          new Command.SetTimeouts(
              Timeouts.ofSeconds(optionalU32(top, 4), optionalU32(top, 5), optionalU32(top, 6)));
      case Ipvs.IPVS_CMD_ZERO ->
          new Command.Zero(top.containsKey(1) ? Optional.of(key(nest(top, 1))) : Optional.empty());
      case Ipvs.IPVS_CMD_FLUSH -> new Command.Flush();
      default -> throw new Invalid(95);
    };
  }

  /** The service a read is about, if it names one. */
  static Optional<ServiceKey> serviceOf(MessageReader request) {
    Map<Integer, byte[]> top = attributes(request);
    return top.containsKey(1) ? Optional.of(key(nest(top, 1))) : Optional.empty();
  }

  private static Map<Integer, byte[]> attributes(MessageReader message) {
    AttributeReader reader = new AttributeReader();
    message.attributes(4, reader);
    Map<Integer, byte[]> found = new TreeMap<>();
    while (reader.next()) {
      found.put(reader.type(), reader.bytes());
    }
    return found;
  }

  private static Map<Integer, byte[]> nest(Map<Integer, byte[]> attributes, int type) {
    byte[] bytes = required(attributes, type);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    Map<Integer, byte[]> found = new TreeMap<>();
    int at = 0;
    while (bytes.length - at >= 4) {
      int length = buffer.getShort(at) & 0xffff;
      int attribute = buffer.getShort(at + 2) & 0x3fff;
      found.put(attribute, Arrays.copyOfRange(bytes, at + 4, at + length));
      at += (length + 3) & ~3;
    }
    return found;
  }

  private static byte[] required(Map<Integer, byte[]> attributes, int type) {
    byte[] value = attributes.get(type);
    if (value == null) {
      throw new Invalid(22);
    }
    return value;
  }

  private static int u32(Map<Integer, byte[]> attributes, int type) {
    return ByteBuffer.wrap(required(attributes, type)).order(ByteOrder.nativeOrder()).getInt();
  }

  private static int optionalU32(Map<Integer, byte[]> attributes, int type) {
    return attributes.containsKey(type) ? u32(attributes, type) : 0;
  }

  private static int u16(Map<Integer, byte[]> attributes, int type) {
    return ByteBuffer.wrap(required(attributes, type)).order(ByteOrder.nativeOrder()).getShort()
        & 0xffff;
  }

  private static int be16(Map<Integer, byte[]> attributes, int type) {
    return ByteBuffer.wrap(required(attributes, type)).getShort() & 0xffff;
  }

  private static String string(byte[] value) {
    int end = 0;
    while (end < value.length && value[end] != 0) {
      end++;
    }
    if (end == value.length) {
      throw new AssertionError("text without NUL");
    }
    return new String(value, 0, end, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static AddressFamily family(int number) {
    return switch (number) {
      case 2 -> AddressFamily.IPV4;
      case 10 -> AddressFamily.IPV6;
      default -> throw new Invalid(97);
    };
  }

  private static InetAddress address(byte[] value, AddressFamily family) {
    if (value.length != 16) {
      throw new AssertionError("addresses are sent with 16 bytes");
    }
    if (family == AddressFamily.IPV4) {
      return IpAddress.ofBytes(Arrays.copyOf(value, 4));
    }
    try {
      return Inet6Address.getByAddress(null, value, -1);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static ServiceKey key(Map<Integer, byte[]> service) {
    AddressFamily family = family(u16(service, Ipvs.IPVS_SVC_ATTR_AF));
    if (service.containsKey(Ipvs.IPVS_SVC_ATTR_FWMARK)) {
      return new ServiceKey.Mark(u32(service, Ipvs.IPVS_SVC_ATTR_FWMARK) & 0xffff_ffffL, family);
    }
    return new ServiceKey.Endpoint(
        Protocol.of(u16(service, Ipvs.IPVS_SVC_ATTR_PROTOCOL)),
        address(required(service, Ipvs.IPVS_SVC_ATTR_ADDR), family),
        be16(service, Ipvs.IPVS_SVC_ATTR_PORT));
  }

  private static VirtualService service(Map<Integer, byte[]> service) {
    ServiceKey key = key(service);
    ByteBuffer flagBytes =
        ByteBuffer.wrap(required(service, Ipvs.IPVS_SVC_ATTR_FLAGS)).order(ByteOrder.nativeOrder());
    int flags = flagBytes.getInt();
    if (flagBytes.getInt() != -1) {
      throw new AssertionError("every flag is meant to change");
    }
    int timeout = u32(service, Ipvs.IPVS_SVC_ATTR_TIMEOUT);
    int mask =
        ByteBuffer.wrap(required(service, Ipvs.IPVS_SVC_ATTR_NETMASK))
            .order(
                key.family() == AddressFamily.IPV4 ? ByteOrder.BIG_ENDIAN : ByteOrder.nativeOrder())
            .getInt();
    if (key.family() == AddressFamily.IPV6 && (mask < 1 || mask > 128)) {
      throw new Invalid(22);
    }
    byte[] engine = service.get(Ipvs.IPVS_SVC_ATTR_PE_NAME);
    Persistence persistence =
        (flags & 1) == 0
            ? null
            : Persistence.observed(
                timeout & 0xffff_ffffL, key.family(), mask, engine == null ? null : string(engine));
    return VirtualService.observed(
        key,
        new Scheduler(
            string(required(service, Ipvs.IPVS_SVC_ATTR_SCHED_NAME)), Scheduler.flagsOf(flags)),
        persistence,
        (flags & 4) != 0,
        ForeignSettings.observed(
                key.family(),
                flags,
                timeout & 0xffff_ffffL,
                mask,
                engine == null ? "" : string(engine))
            .orElse(null),
        List.of());
  }

  private static ServerKey serverKey(Map<Integer, byte[]> server, ServiceKey service) {
    AddressFamily family =
        server.containsKey(Ipvs.IPVS_DEST_ATTR_ADDR_FAMILY)
            ? family(u16(server, Ipvs.IPVS_DEST_ATTR_ADDR_FAMILY))
            : service.family();
    return new ServerKey(
        address(required(server, Ipvs.IPVS_DEST_ATTR_ADDR), family),
        be16(server, Ipvs.IPVS_DEST_ATTR_PORT));
  }

  private static RealServer server(Map<Integer, byte[]> server, ServiceKey service) {
    ServerKey key = serverKey(server, service);
    Encapsulation encapsulation =
        new Encapsulation(
            server.containsKey(Ipvs.IPVS_DEST_ATTR_TUN_TYPE)
                ? required(server, Ipvs.IPVS_DEST_ATTR_TUN_TYPE)[0] & 0xff
                : 0,
            server.containsKey(Ipvs.IPVS_DEST_ATTR_TUN_PORT)
                ? be16(server, Ipvs.IPVS_DEST_ATTR_TUN_PORT)
                : 0,
            server.containsKey(Ipvs.IPVS_DEST_ATTR_TUN_FLAGS)
                ? u16(server, Ipvs.IPVS_DEST_ATTR_TUN_FLAGS)
                : 0);
    return new RealServer(
        key.address(),
        key.port(),
        Forwarding.observed(u32(server, Ipvs.IPVS_DEST_ATTR_FWD_METHOD), encapsulation),
        u32(server, Ipvs.IPVS_DEST_ATTR_WEIGHT),
        u32(server, Ipvs.IPVS_DEST_ATTR_U_THRESH) & 0xffff_ffffL,
        u32(server, Ipvs.IPVS_DEST_ATTR_L_THRESH) & 0xffff_ffffL);
  }

  private static SyncDaemon daemon(Map<Integer, byte[]> daemon) {
    byte[] group6 = daemon.get(Ipvs.IPVS_DAEMON_ATTR_MCAST_GROUP6);
    return new SyncDaemon(
        role(u32(daemon, Ipvs.IPVS_DAEMON_ATTR_STATE)),
        string(required(daemon, Ipvs.IPVS_DAEMON_ATTR_MCAST_IFN)),
        u32(daemon, Ipvs.IPVS_DAEMON_ATTR_SYNC_ID),
        daemon.containsKey(Ipvs.IPVS_DAEMON_ATTR_SYNC_MAXLEN)
            ? u16(daemon, Ipvs.IPVS_DAEMON_ATTR_SYNC_MAXLEN)
            : 0,
        group6 != null
            ? address(group6, AddressFamily.IPV6)
            : IpAddress.ofBytes(required(daemon, Ipvs.IPVS_DAEMON_ATTR_MCAST_GROUP)),
        u16(daemon, Ipvs.IPVS_DAEMON_ATTR_MCAST_PORT),
        required(daemon, Ipvs.IPVS_DAEMON_ATTR_MCAST_TTL)[0] & 0xff);
  }

  private static SyncDaemon.Role role(int state) {
    return switch (state) {
      case 1 -> SyncDaemon.Role.MASTER;
      case 2 -> SyncDaemon.Role.BACKUP;
      default -> throw new Invalid(22);
    };
  }

  // -- writing answers ----------------------------------------------------------------------------

  static void service(MessageWriter writer, ServiceState state) {
    VirtualService service = state.definition();
    ServiceKey key = service.key();
    int nest = writer.beginNest(Ipvs.IPVS_CMD_ATTR_SERVICE);
    writer.putU16(Ipvs.IPVS_SVC_ATTR_AF, key.family().number());
    if (key instanceof ServiceKey.Endpoint endpoint) {
      writer.putU16(Ipvs.IPVS_SVC_ATTR_PROTOCOL, endpoint.protocol().number());
      writer.putBytes(Ipvs.IPVS_SVC_ATTR_ADDR, endpoint.address().getAddress(), 16);
      writer.putBe16(Ipvs.IPVS_SVC_ATTR_PORT, endpoint.port());
    } else if (key instanceof ServiceKey.Mark mark) {
      writer.putU32(Ipvs.IPVS_SVC_ATTR_FWMARK, (int) mark.mark());
    }
    writer.putString(Ipvs.IPVS_SVC_ATTR_SCHED_NAME, service.scheduler().name());
    @Nullable Persistence persistence = service.persistence().orElse(null);
    int flags =
        2
            | service.scheduler().flagBits()
            | (persistence == null ? 0 : 1)
            | (service.onePacket() ? 4 : 0);
    int timeout = persistence == null ? 0 : (int) persistence.timeout().getSeconds();
    int wholeAddress = key.family() == AddressFamily.IPV4 ? -1 : 128;
    int mask = persistence == null ? wholeAddress : persistence.mask(key.family());
    String engine = persistence == null ? "" : persistence.engine().orElse("");
    @Nullable ForeignSettings foreign = service.foreign().orElse(null);
    if (foreign != null) {
      flags |= foreign.flagBits();
      if (persistence == null) {
        timeout = (int) foreign.timeoutSeconds();
        mask = foreign.mask();
        engine = foreign.engine();
      }
    }
    if (!engine.isEmpty()) {
      writer.putString(Ipvs.IPVS_SVC_ATTR_PE_NAME, engine);
    }
    writer.putU32Pair(Ipvs.IPVS_SVC_ATTR_FLAGS, flags, -1);
    writer.putU32(Ipvs.IPVS_SVC_ATTR_TIMEOUT, timeout);
    if (key.family() == AddressFamily.IPV4) {
      writer.putBe32(Ipvs.IPVS_SVC_ATTR_NETMASK, mask);
    } else {
      writer.putU32(Ipvs.IPVS_SVC_ATTR_NETMASK, mask);
    }
    stats32(writer, Ipvs.IPVS_SVC_ATTR_STATS, state.counters(), state.rates());
    stats64(writer, Ipvs.IPVS_SVC_ATTR_STATS64, state.counters(), state.rates());
    writer.endNest(nest);
  }

  static void server(MessageWriter writer, ServerState state, boolean tunnelTypes) {
    RealServer server = state.definition();
    int nest = writer.beginNest(Ipvs.IPVS_CMD_ATTR_DEST);
    writer.putBytes(Ipvs.IPVS_DEST_ATTR_ADDR, server.address().getAddress(), 16);
    writer.putBe16(Ipvs.IPVS_DEST_ATTR_PORT, server.port());
    writer.putU32(Ipvs.IPVS_DEST_ATTR_FWD_METHOD, server.forwarding().code());
    writer.putU32(Ipvs.IPVS_DEST_ATTR_WEIGHT, server.weight());
    if (tunnelTypes) {
      Encapsulation encapsulation =
          server.forwarding() instanceof Forwarding.Tunnel tunnel
              ? tunnel.encapsulation()
              : Encapsulation.ipip();
      writer.putU8(Ipvs.IPVS_DEST_ATTR_TUN_TYPE, encapsulation.type());
      writer.putBe16(Ipvs.IPVS_DEST_ATTR_TUN_PORT, encapsulation.port());
      writer.putU16(Ipvs.IPVS_DEST_ATTR_TUN_FLAGS, encapsulation.flags());
    }
    writer.putU32(Ipvs.IPVS_DEST_ATTR_U_THRESH, (int) server.upperThreshold());
    writer.putU32(Ipvs.IPVS_DEST_ATTR_L_THRESH, (int) server.lowerThreshold());
    writer.putU32(Ipvs.IPVS_DEST_ATTR_ACTIVE_CONNS, (int) state.activeConnections());
    writer.putU32(Ipvs.IPVS_DEST_ATTR_INACT_CONNS, (int) state.inactiveConnections());
    writer.putU32(Ipvs.IPVS_DEST_ATTR_PERSIST_CONNS, (int) state.persistentConnections());
    writer.putU16(
        Ipvs.IPVS_DEST_ATTR_ADDR_FAMILY, server.address() instanceof Inet4Address ? 2 : 10);
    stats32(writer, Ipvs.IPVS_DEST_ATTR_STATS, state.counters(), state.rates());
    stats64(writer, Ipvs.IPVS_DEST_ATTR_STATS64, state.counters(), state.rates());
    writer.endNest(nest);
  }

  static void stats32(MessageWriter writer, int type, Counters counters, Rates rates) {
    int nest = writer.beginNest(type);
    writer.putU32(1, (int) counters.connections());
    writer.putU32(2, (int) counters.inPackets());
    writer.putU32(3, (int) counters.outPackets());
    writer.putU32Pair(4, half(counters.inBytes(), true), half(counters.inBytes(), false));
    writer.putU32Pair(5, half(counters.outBytes(), true), half(counters.outBytes(), false));
    writer.putU32(6, (int) rates.connections());
    writer.putU32(7, (int) rates.inPackets());
    writer.putU32(8, (int) rates.outPackets());
    writer.putU32(9, (int) rates.inBytes());
    writer.putU32(10, (int) rates.outBytes());
    writer.endNest(nest);
  }

  static void stats64(MessageWriter writer, int type, Counters counters, Rates rates) {
    int nest = writer.beginNest(type);
    long[] values = {
      counters.connections(),
      counters.inPackets(),
      counters.outPackets(),
      counters.inBytes(),
      counters.outBytes(),
      rates.connections(),
      rates.inPackets(),
      rates.outPackets(),
      rates.inBytes(),
      rates.outBytes()
    };
    for (int i = 0; i < values.length; i++) {
      // Where the processor wants 8 bytes aligned, the kernel puts an empty attribute before.
      writer.putBytes(11, new byte[0]);
      writer.putU32Pair(i + 1, half(values[i], true), half(values[i], false));
    }
    writer.endNest(nest);
  }

  private static int half(long value, boolean first) {
    boolean high = first == (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN);
    return (int) (high ? value >>> 32 : value);
  }

  static void daemon(MessageWriter writer, SyncDaemon daemon) {
    int nest = writer.beginNest(Ipvs.IPVS_CMD_ATTR_DAEMON);
    writer.putU32(Ipvs.IPVS_DAEMON_ATTR_STATE, daemon.role().code());
    writer.putString(Ipvs.IPVS_DAEMON_ATTR_MCAST_IFN, daemon.interfaceName());
    writer.putU32(Ipvs.IPVS_DAEMON_ATTR_SYNC_ID, daemon.syncId());
    writer.putU16(Ipvs.IPVS_DAEMON_ATTR_SYNC_MAXLEN, daemon.maxLength());
    writer.putU16(Ipvs.IPVS_DAEMON_ATTR_MCAST_PORT, daemon.port());
    writer.putU8(Ipvs.IPVS_DAEMON_ATTR_MCAST_TTL, daemon.ttl());
    writer.putBytes(
        daemon.group() instanceof Inet4Address
            ? Ipvs.IPVS_DAEMON_ATTR_MCAST_GROUP
            : Ipvs.IPVS_DAEMON_ATTR_MCAST_GROUP6,
        daemon.group().getAddress());
    writer.endNest(nest);
  }
}
