// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static io.lvstun.netlink.generic.GenericFamily.GENL_HDRLEN;
import static io.lvstun.netlink.ipvs.Ipvs.IP_VS_SVC_F_ONEPACKET;
import static io.lvstun.netlink.ipvs.Ipvs.IP_VS_SVC_F_PERSISTENT;
import static io.lvstun.netlink.message.MessageReader.malformed;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.ForeignSettings;
import io.lvstun.Forwarding;
import io.lvstun.LvsException;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.ProtocolException;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.state.Counters;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the kernel's IPVS messages. Skips unknown attributes; whatever the bytes, methods throw
 * only {@link ProtocolException}. Not thread-safe.
 */
final class Decoder {

  private static final Scheduler[] SCHEDULERS = {
    Scheduler.RR, Scheduler.WRR, Scheduler.LC, Scheduler.WLC, Scheduler.SH, Scheduler.MH,
    Scheduler.LBLC, Scheduler.LBLCR, Scheduler.DH, Scheduler.SED, Scheduler.NQ, Scheduler.FO,
    Scheduler.OVF, Scheduler.TWOS
  };

  private final TunnelSupport tunnels;
  private final Addresses addresses = new Addresses();
  private final AttributeReader outer = new AttributeReader();
  private final AttributeReader inner = new AttributeReader();
  private final StatsDecoder figures = new StatsDecoder();
  private Scheduler lastScheduler = Scheduler.WLC;
  private boolean usual;
  private int heldLength;
  private int heldBits;
  private long heldHigh;
  private long heldLow;

  Decoder(TunnelSupport tunnels) {
    this.tunnels = tunnels;
  }

  /** A service without its real servers. */
  record ServiceHead(VirtualService definition, Counters counters, Rates rates) {

    ServiceKey key() {
      return definition.key();
    }
  }

  ServiceHead service(MessageReader message) {
    require(message, Ipvs.IPVS_CMD_NEW_SERVICE);
    try {
      return ServiceRecord.isUsual(message)
              && ServiceRecord.hasScheduler(message, lastScheduler.name())
          ? ServiceRecord.read(message, lastScheduler, addresses)
          : unusualService(message);
    } catch (IllegalArgumentException e) {
      throw invalid("service", e);
    }
  }

  /** Walks over the attributes, whichever there are. */
  ServiceHead unusualService(MessageReader message) {
    enter(message, Ipvs.IPVS_CMD_ATTR_SERVICE, "service");
    return serviceAttributes();
  }

  private ServiceHead serviceAttributes() {
    int af = 0;
    int protocol = 0;
    int port = 0;
    int mark = 0;
    int flags = 0;
    int timeout = 0;
    int mask = 0;
    Scheduler scheduler = null;
    String engine = null;
    heldLength = 0;
    figures.clear();
    while (inner.next()) {
      switch (inner.type()) {
        case Ipvs.IPVS_SVC_ATTR_AF -> af = inner.u16();
        case Ipvs.IPVS_SVC_ATTR_PROTOCOL -> protocol = inner.u16();
        case Ipvs.IPVS_SVC_ATTR_ADDR -> holdAddress();
        case Ipvs.IPVS_SVC_ATTR_PORT -> port = inner.be16();
        case Ipvs.IPVS_SVC_ATTR_FWMARK -> mark = inner.u32();
        case Ipvs.IPVS_SVC_ATTR_SCHED_NAME -> scheduler = scheduler();
        case Ipvs.IPVS_SVC_ATTR_FLAGS -> flags = flags();
        case Ipvs.IPVS_SVC_ATTR_TIMEOUT -> timeout = inner.u32();
        // Reversed below if the service turns out to be of IPv4.
        case Ipvs.IPVS_SVC_ATTR_NETMASK -> mask = inner.be32();
        case Ipvs.IPVS_SVC_ATTR_PE_NAME -> engine = inner.string();
        case Ipvs.IPVS_SVC_ATTR_STATS -> figures.narrow(inner);
        case Ipvs.IPVS_SVC_ATTR_STATS64 -> figures.wide(inner);
        default -> {}
      }
    }
    figures.end();
    AddressFamily family = family(af);
    ServiceKey key;
    if (mark != 0) {
      key = new ServiceKey.Mark(mark & 0xffff_ffffL, family);
    } else {
      key = new ServiceKey.Endpoint(Protocol.of(protocol), heldAddress(family), port);
    }
    if (scheduler == null) {
      throw malformed("a service has no scheduler");
    }
    return serviceHead(
        key, scheduler, flags, timeout, mask, engine, figures.counters(), figures.rates());
  }

  static ServiceHead serviceHead(
      ServiceKey key,
      Scheduler named,
      int flags,
      int timeout,
      int mask,
      @Nullable String engine,
      Counters counters,
      Rates rates) {
    Scheduler scheduler = named;
    Set<SchedulerFlag> schedulerFlags = Scheduler.flagsOf(flags);
    if (!schedulerFlags.isEmpty()) {
      scheduler = new Scheduler(scheduler.name(), schedulerFlags);
    }
    Persistence persistence = null;
    AddressFamily family = key.family();
    int familyMask = family == AddressFamily.IPV4 ? mask : hostOrder(mask);
    if ((flags & IP_VS_SVC_F_PERSISTENT) != 0) {
      persistence =
          Persistence.observed(timeout & 0xffff_ffffL, family, familyMask, emptyToNull(engine));
    }
    boolean onePacket = (flags & IP_VS_SVC_F_ONEPACKET) != 0;
    return new ServiceHead(
        VirtualService.observed(
            key,
            scheduler,
            persistence,
            onePacket,
            ForeignSettings.observed(
                    family, flags, timeout & 0xffff_ffffL, familyMask, engine == null ? "" : engine)
                .orElse(null),
            List.of()),
        counters,
        rates);
  }

  /** What was read in network order, as it would have been in the machine's. */
  private static int hostOrder(int networkOrder) {
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN
        ? networkOrder
        : Integer.reverseBytes(networkOrder);
  }

  private static @Nullable String emptyToNull(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }

  ServerState server(MessageReader message, AddressFamily serviceFamily) {
    require(message, Ipvs.IPVS_CMD_NEW_DEST);
    try {
      // The records of a datagram come from one function of one kernel, whose every choice changes
      // the length: what the first one looks like, those of its length do too.
      usual =
          usual && !message.isFirst()
              ? message.messageLength() == ServerRecord.LENGTH
              : ServerRecord.isUsual(message);
      return usual ? usualServer(message, serviceFamily) : unusualServer(message, serviceFamily);
    } catch (IllegalArgumentException e) {
      throw invalid("real server", e);
    }
  }

  private ServerState usualServer(MessageReader message, AddressFamily serviceFamily) {
    tunnels.saw(true);
    return ServerRecord.read(message, serviceFamily, addresses);
  }

  /** Walks over the attributes, whichever there are. */
  ServerState unusualServer(MessageReader message, AddressFamily serviceFamily) {
    enter(message, Ipvs.IPVS_CMD_ATTR_DEST, "real server");
    return serverAttributes(serviceFamily);
  }

  private ServerState serverAttributes(AddressFamily serviceFamily) {
    int af = serviceFamily.number();
    int port = 0;
    int method = 0;
    int weight = 0;
    int upper = 0;
    int lower = 0;
    int active = 0;
    int inactive = 0;
    int persistent = 0;
    int tunnelType = 0;
    int tunnelPort = 0;
    int tunnelFlags = 0;
    boolean tunnelSeen = false;
    heldLength = 0;
    figures.clear();
    while (inner.next()) {
      switch (inner.type()) {
        case Ipvs.IPVS_DEST_ATTR_ADDR -> holdAddress();
        case Ipvs.IPVS_DEST_ATTR_PORT -> port = inner.be16();
        case Ipvs.IPVS_DEST_ATTR_FWD_METHOD -> method = inner.u32();
        case Ipvs.IPVS_DEST_ATTR_WEIGHT -> weight = inner.u32();
        case Ipvs.IPVS_DEST_ATTR_U_THRESH -> upper = inner.u32();
        case Ipvs.IPVS_DEST_ATTR_L_THRESH -> lower = inner.u32();
        case Ipvs.IPVS_DEST_ATTR_ACTIVE_CONNS -> active = inner.u32();
        case Ipvs.IPVS_DEST_ATTR_INACT_CONNS -> inactive = inner.u32();
        case Ipvs.IPVS_DEST_ATTR_PERSIST_CONNS -> persistent = inner.u32();
        case Ipvs.IPVS_DEST_ATTR_ADDR_FAMILY -> af = inner.u16();
        case Ipvs.IPVS_DEST_ATTR_TUN_TYPE -> {
          tunnelType = inner.u8();
          tunnelSeen = true;
        }
        case Ipvs.IPVS_DEST_ATTR_TUN_PORT -> tunnelPort = inner.be16();
        case Ipvs.IPVS_DEST_ATTR_TUN_FLAGS -> tunnelFlags = inner.u16();
        case Ipvs.IPVS_DEST_ATTR_STATS -> figures.narrow(inner);
        case Ipvs.IPVS_DEST_ATTR_STATS64 -> figures.wide(inner);
        default -> {}
      }
    }
    figures.end();
    tunnels.saw(tunnelSeen);
    AddressFamily family = serverFamily(af, serviceFamily);
    RealServer definition =
        new RealServer(
            heldAddress(family),
            port,
            forwarding(method, tunnelType, tunnelPort, tunnelFlags),
            weight,
            upper & 0xffff_ffffL,
            lower & 0xffff_ffffL);
    return new ServerState(
        definition,
        active & 0xffff_ffffL,
        inactive & 0xffff_ffffL,
        persistent & 0xffff_ffffL,
        figures.counters(),
        figures.rates());
  }

  static Forwarding forwarding(int method, int type, int port, int flags) {
    if ((method & 7) == 2 && (type | port | flags) != 0) {
      return new Forwarding.Tunnel(new Encapsulation(type, port, flags));
    }
    return Forwarding.observed(method, Encapsulation.ipip());
  }

  SyncDaemon daemon(MessageReader message) {
    require(message, Ipvs.IPVS_CMD_NEW_DAEMON);
    enter(message, Ipvs.IPVS_CMD_ATTR_DAEMON, "sync daemon");
    try {
      return daemonAttributes();
    } catch (IllegalArgumentException e) {
      throw invalid("sync daemon", e);
    }
  }

  private SyncDaemon daemonAttributes() {
    int state = 0;
    String interfaceName = "";
    int syncId = 0;
    int maxLength = 0;
    // What kernels before 4.3, which do not say, use.
    InetAddress group = SyncDaemon.DEFAULT_GROUP;
    int port = SyncDaemon.DEFAULT_PORT;
    int ttl = 1;
    while (inner.next()) {
      switch (inner.type()) {
        case Ipvs.IPVS_DAEMON_ATTR_STATE -> state = inner.u32();
        case Ipvs.IPVS_DAEMON_ATTR_MCAST_IFN -> interfaceName = inner.string();
        case Ipvs.IPVS_DAEMON_ATTR_SYNC_ID -> syncId = inner.u32();
        case Ipvs.IPVS_DAEMON_ATTR_SYNC_MAXLEN -> maxLength = inner.u16();
        case Ipvs.IPVS_DAEMON_ATTR_MCAST_GROUP -> {
          holdAddress();
          group = heldAddress(AddressFamily.IPV4);
        }
        case Ipvs.IPVS_DAEMON_ATTR_MCAST_GROUP6 -> {
          holdAddress();
          group = heldAddress(AddressFamily.IPV6);
        }
        case Ipvs.IPVS_DAEMON_ATTR_MCAST_PORT -> port = inner.u16();
        case Ipvs.IPVS_DAEMON_ATTR_MCAST_TTL -> ttl = inner.u8();
        default -> {}
      }
    }
    SyncDaemon.Role role =
        switch (state) {
          case 1 -> SyncDaemon.Role.MASTER;
          case 2 -> SyncDaemon.Role.BACKUP;
          default -> throw malformed("a sync daemon has state " + state);
        };
    return new SyncDaemon(role, interfaceName, syncId, maxLength, group, port, ttl);
  }

  Timeouts timeouts(MessageReader message) {
    require(message, Ipvs.IPVS_CMD_SET_CONFIG);
    long tcp = 0;
    long tcpFin = 0;
    long udp = 0;
    message.attributes(GENL_HDRLEN, outer);
    while (outer.next()) {
      switch (outer.type()) {
        case Ipvs.IPVS_CMD_ATTR_TIMEOUT_TCP -> tcp = outer.u32() & 0xffff_ffffL;
        case Ipvs.IPVS_CMD_ATTR_TIMEOUT_TCP_FIN -> tcpFin = outer.u32() & 0xffff_ffffL;
        case Ipvs.IPVS_CMD_ATTR_TIMEOUT_UDP -> udp = outer.u32() & 0xffff_ffffL;
        default -> {}
      }
    }
    return Timeouts.ofSeconds(tcp, tcpFin, udp);
  }

  IpvsInfo info(MessageReader message) {
    require(message, Ipvs.IPVS_CMD_SET_INFO);
    int version = 0;
    int size = 0;
    message.attributes(GENL_HDRLEN, outer);
    while (outer.next()) {
      switch (outer.type()) {
        case Ipvs.IPVS_INFO_ATTR_VERSION -> version = outer.u32();
        case Ipvs.IPVS_INFO_ATTR_CONN_TAB_SIZE -> size = outer.u32();
        default -> {}
      }
    }
    return new IpvsInfo(version, size);
  }

  // -- parts --------------------------------------------------------------------------------------

  private static void require(MessageReader message, int command) {
    int actual = message.genericCommand();
    if (actual != command) {
      throw malformed("an answer has command " + actual + " instead of " + command);
    }
  }

  /** Sets {@link #inner} to what the message's one attribute holds. */
  private void enter(MessageReader message, int type, String what) {
    message.attributes(GENL_HDRLEN, outer);
    while (outer.next()) {
      if (outer.type() == type) {
        outer.nested(inner);
        return;
      }
    }
    throw malformed("an answer has no " + what);
  }

  static AddressFamily family(int number) {
    return switch (number) {
      case 2 -> AddressFamily.IPV4;
      case 10 -> AddressFamily.IPV6;
      default -> throw malformed("address family " + number + " is unknown");
    };
  }

  /** 0 comes from kernels that had only one family per service, when they edited. */
  static AddressFamily serverFamily(int number, AddressFamily serviceFamily) {
    return number == 0 ? serviceFamily : family(number);
  }

  /** An address can come before its family: it is made when the record has been read. */
  private void holdAddress() {
    heldLength = inner.length();
    heldBits = inner.be32(0);
    if (heldLength >= Ipvs.ADDRESS_BYTES) {
      heldHigh = Layout.twoWords(heldBits, inner.be32(4));
      heldLow = Layout.twoWords(inner.be32(8), inner.be32(12));
    }
  }

  private InetAddress heldAddress(AddressFamily family) {
    if (heldLength < family.addressBits() / 8) {
      throw malformed("an address has " + heldLength + " bytes, too few for " + family);
    }
    return family == AddressFamily.IPV4 ? addresses.v4(heldBits) : addresses.v6(heldHigh, heldLow);
  }

  private Scheduler scheduler() {
    if (inner.is(lastScheduler.name())) {
      return lastScheduler;
    }
    for (Scheduler known : SCHEDULERS) {
      if (inner.is(known.name())) {
        lastScheduler = known;
        return known;
      }
    }
    lastScheduler = Scheduler.named(inner.string());
    return lastScheduler;
  }

  /** The first half of {@code struct ip_vs_flags}; the other is a mask. */
  private int flags() {
    if (inner.length() != 8) {
      throw malformed("the flags of a service have " + inner.length() + " bytes instead of 8");
    }
    return hostOrder(inner.be32(0));
  }

  private static ProtocolException invalid(String what, IllegalArgumentException cause) {
    return new ProtocolException(
        new LvsException.Failure(
            "read the kernel's answer",
            "",
            "netlink",
            "a " + what + " has an impossible value: " + cause.getMessage(),
            OptionalInt.empty(),
            ""),
        cause);
  }
}
