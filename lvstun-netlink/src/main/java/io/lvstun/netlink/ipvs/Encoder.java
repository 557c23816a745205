// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static io.lvstun.netlink.ipvs.Ipvs.ADDRESS_BYTES;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_ATTR_DAEMON;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_ATTR_DEST;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_ATTR_SERVICE;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_ATTR_TIMEOUT_TCP;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_ATTR_TIMEOUT_TCP_FIN;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_ATTR_TIMEOUT_UDP;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_GENL_VERSION;
import static io.lvstun.netlink.ipvs.Ipvs.IP_VS_SVC_F_ONEPACKET;
import static io.lvstun.netlink.ipvs.Ipvs.IP_VS_SVC_F_PERSISTENT;

import io.lvstun.AddressFamily;
import io.lvstun.Command;
import io.lvstun.Encapsulation;
import io.lvstun.ForeignSettings;
import io.lvstun.Forwarding;
import io.lvstun.Persistence;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.netlink.message.MessageWriter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Encodes IPVS commands and requests as netlink messages. Not thread-safe. */
final class Encoder {

  /** No message is longer: the longest are a service (152 bytes) and a real server (212 bytes). */
  static final int LONGEST_MESSAGE = 256;

  private final AddressBytes addressBytes = new AddressBytes();

  // Most commands of a batch are about the same service as the one before.
  private @Nullable ServiceKey lastKey;
  private final byte[] lastKeyAttributes = new byte[LONGEST_MESSAGE];
  private int lastKeyLength;

  /** Writes a command as one message. */
  void command(MessageWriter writer, int family, int flags, int sequence, Command command) {
    if (command instanceof Command.AddServer add) {
      begin(writer, family, flags, sequence, Ipvs.IPVS_CMD_NEW_DEST);
      server(writer, add.service(), add.server());
    } else if (command instanceof Command.EditServer edit) {
      begin(writer, family, flags, sequence, Ipvs.IPVS_CMD_SET_DEST);
      server(writer, edit.service(), edit.server());
    } else if (command instanceof Command.RemoveServer remove) {
      begin(writer, family, flags, sequence, Ipvs.IPVS_CMD_DEL_DEST);
      key(writer, remove.service());
      int nest = writer.beginNest(IPVS_CMD_ATTR_DEST);
      serverKey(writer, remove.server().address(), remove.server().port());
      writer.endNest(nest);
    } else if (command instanceof Command.AddService add) {
      begin(writer, family, flags, sequence, Ipvs.IPVS_CMD_NEW_SERVICE);
      service(writer, add.service());
    } else if (command instanceof Command.EditService edit) {
      begin(writer, family, flags, sequence, Ipvs.IPVS_CMD_SET_SERVICE);
      service(writer, edit.service());
    } else if (command instanceof Command.RemoveService remove) {
      begin(writer, family, flags, sequence, Ipvs.IPVS_CMD_DEL_SERVICE);
      key(writer, remove.service());
    } else {
      tableCommand(writer, family, flags, sequence, command);
    }
    writer.end();
  }

  private void tableCommand(
      MessageWriter writer, int family, int flags, int sequence, Command command) {
    if (command instanceof Command.StartDaemon start) {
      begin(writer, family, flags, sequence, Ipvs.IPVS_CMD_NEW_DAEMON);
      daemon(writer, start.daemon());
    } else if (command instanceof Command.StopDaemon stop) {
      begin(writer, family, flags, sequence, Ipvs.IPVS_CMD_DEL_DAEMON);
      int nest = writer.beginNest(IPVS_CMD_ATTR_DAEMON);
      writer.putU32(Ipvs.IPVS_DAEMON_ATTR_STATE, stop.role().code());
      writer.endNest(nest);
    } else if (command instanceof Command.SetTimeouts set) {
      begin(writer, family, flags, sequence, Ipvs.IPVS_CMD_SET_CONFIG);
      timeouts(writer, set.timeouts());
    } else if (command instanceof Command.Zero zero) {
      begin(writer, family, flags, sequence, Ipvs.IPVS_CMD_ZERO);
      if (zero.service().isPresent()) {
        key(writer, zero.service().get());
      }
    } else if (command instanceof Command.Flush) {
      begin(writer, family, flags, sequence, Ipvs.IPVS_CMD_FLUSH);
    } else {
      throw new AssertionError(command);
    }
  }

  /** Writes a request without attributes. */
  void request(MessageWriter writer, int family, int flags, int sequence, int command) {
    begin(writer, family, flags, sequence, command);
    writer.end();
  }

  /** Writes a request about one service. */
  void request(
      MessageWriter writer, int family, int flags, int sequence, int command, ServiceKey service) {
    begin(writer, family, flags, sequence, command);
    key(writer, service);
    writer.end();
  }

  private static void begin(
      MessageWriter writer, int family, int flags, int sequence, int command) {
    writer.begin(family, flags, sequence);
    writer.genericHeader(command, IPVS_GENL_VERSION);
  }

  @SuppressWarnings("ReferenceEquality") // comparing addresses costs as much as writing them
  private void key(MessageWriter writer, ServiceKey key) {
    if (key == lastKey) {
      writer.putCopy(lastKeyAttributes, lastKeyLength);
      return;
    }
    int from = writer.length();
    int nest = writer.beginNest(IPVS_CMD_ATTR_SERVICE);
    keyAttributes(writer, key);
    writer.endNest(nest);
    lastKey = key;
    lastKeyLength = writer.copy(from, lastKeyAttributes);
  }

  private void keyAttributes(MessageWriter writer, ServiceKey key) {
    if (key instanceof ServiceKey.Endpoint endpoint) {
      InetAddress address = endpoint.address();
      writer.putU16(Ipvs.IPVS_SVC_ATTR_AF, AddressFamily.of(address).number());
      writer.putU16(Ipvs.IPVS_SVC_ATTR_PROTOCOL, endpoint.protocol().number());
      address(writer, Ipvs.IPVS_SVC_ATTR_ADDR, address);
      writer.putBe16(Ipvs.IPVS_SVC_ATTR_PORT, endpoint.port());
    } else if (key instanceof ServiceKey.Mark mark) {
      writer.putU16(Ipvs.IPVS_SVC_ATTR_AF, mark.family().number());
      writer.putU32(Ipvs.IPVS_SVC_ATTR_FWMARK, (int) mark.mark());
    }
  }

  private void service(MessageWriter writer, VirtualService service) {
    ServiceKey key = service.key();
    int nest = writer.beginNest(IPVS_CMD_ATTR_SERVICE);
    keyAttributes(writer, key);
    Scheduler scheduler = service.scheduler();
    writer.putString(Ipvs.IPVS_SVC_ATTR_SCHED_NAME, scheduler.name());
    Persistence persistence = service.persistence().orElse(null);
    int flags = scheduler.flags().isEmpty() ? 0 : scheduler.flagBits();
    if (service.onePacket()) {
      flags |= IP_VS_SVC_F_ONEPACKET;
    }
    int timeout = 0;
    // The kernel wants a mask of every service, and refuses one of 0 from those of IPv6.
    int mask = key.family() == AddressFamily.IPV6 ? 128 : -1;
    if (persistence != null) {
      flags |= IP_VS_SVC_F_PERSISTENT;
      timeout = (int) persistence.timeout().getSeconds();
      mask = persistence.mask(key.family());
    }
    String engine = persistence == null ? "" : persistence.engine().orElse("");
    ForeignSettings foreign = service.foreign().orElse(null);
    if (foreign != null) {
      flags |= foreign.flagBits();
      if (persistence == null) {
        timeout = (int) foreign.timeoutSeconds();
        mask = foreign.mask();
        engine = foreign.engine();
      }
    }
    // The mask names the bits that change: all of them.
    writer.putU32Pair(Ipvs.IPVS_SVC_ATTR_FLAGS, flags, -1);
    writer.putU32(Ipvs.IPVS_SVC_ATTR_TIMEOUT, timeout);
    if (key.family() == AddressFamily.IPV6) {
      writer.putU32(Ipvs.IPVS_SVC_ATTR_NETMASK, mask);
    } else {
      writer.putBe32(Ipvs.IPVS_SVC_ATTR_NETMASK, mask);
    }
    if (!engine.isEmpty()) {
      writer.putString(Ipvs.IPVS_SVC_ATTR_PE_NAME, engine);
    }
    writer.endNest(nest);
  }

  private void server(MessageWriter writer, ServiceKey service, RealServer server) {
    key(writer, service);
    int nest = writer.beginNest(IPVS_CMD_ATTR_DEST);
    serverKey(writer, server.address(), server.port());
    Forwarding forwarding = server.forwarding();
    writer.putU32(Ipvs.IPVS_DEST_ATTR_FWD_METHOD, forwarding.code());
    writer.putU32(Ipvs.IPVS_DEST_ATTR_WEIGHT, server.weight());
    writer.putU32(Ipvs.IPVS_DEST_ATTR_U_THRESH, (int) server.upperThreshold());
    writer.putU32(Ipvs.IPVS_DEST_ATTR_L_THRESH, (int) server.lowerThreshold());
    if (forwarding instanceof Forwarding.Tunnel tunnel) {
      // What is left out becomes 0: IP in IP.
      Encapsulation encapsulation = tunnel.encapsulation();
      if (encapsulation.type() != 0 || encapsulation.port() != 0 || encapsulation.flags() != 0) {
        writer.putU8(Ipvs.IPVS_DEST_ATTR_TUN_TYPE, encapsulation.type());
        writer.putBe16(Ipvs.IPVS_DEST_ATTR_TUN_PORT, encapsulation.port());
        writer.putU16(Ipvs.IPVS_DEST_ATTR_TUN_FLAGS, encapsulation.flags());
      }
    }
    writer.endNest(nest);
  }

  /** Without the family the kernel takes the service's for granted (Linux 3.18). */
  private void serverKey(MessageWriter writer, InetAddress address, int port) {
    writer.putU16(Ipvs.IPVS_DEST_ATTR_ADDR_FAMILY, AddressFamily.of(address).number());
    address(writer, Ipvs.IPVS_DEST_ATTR_ADDR, address);
    writer.putBe16(Ipvs.IPVS_DEST_ATTR_PORT, port);
  }

  private static void daemon(MessageWriter writer, SyncDaemon daemon) {
    int nest = writer.beginNest(IPVS_CMD_ATTR_DAEMON);
    writer.putU32(Ipvs.IPVS_DAEMON_ATTR_STATE, daemon.role().code());
    writer.putString(Ipvs.IPVS_DAEMON_ATTR_MCAST_IFN, daemon.interfaceName());
    writer.putU32(Ipvs.IPVS_DAEMON_ATTR_SYNC_ID, daemon.syncId());
    if (daemon.maxLength() != 0) {
      writer.putU16(Ipvs.IPVS_DAEMON_ATTR_SYNC_MAXLEN, daemon.maxLength());
    }
    byte[] group = daemon.group().getAddress();
    writer.putBytes(
        daemon.group() instanceof Inet4Address
            ? Ipvs.IPVS_DAEMON_ATTR_MCAST_GROUP
            : Ipvs.IPVS_DAEMON_ATTR_MCAST_GROUP6,
        group);
    // Unlike other ports, in the machine's byte order.
    writer.putU16(Ipvs.IPVS_DAEMON_ATTR_MCAST_PORT, daemon.port());
    writer.putU8(Ipvs.IPVS_DAEMON_ATTR_MCAST_TTL, daemon.ttl());
    writer.endNest(nest);
  }

  private static void timeouts(MessageWriter writer, Timeouts timeouts) {
    timeout(writer, IPVS_CMD_ATTR_TIMEOUT_TCP, timeouts.tcp());
    timeout(writer, IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, timeouts.tcpFin());
    timeout(writer, IPVS_CMD_ATTR_TIMEOUT_UDP, timeouts.udp());
  }

  private static void timeout(MessageWriter writer, int type, Duration value) {
    // The kernel leaves a time-out of 0 as it is.
    writer.putU32(type, (int) value.getSeconds());
  }

  private void address(MessageWriter writer, int type, InetAddress address) {
    if (address instanceof Inet4Address v4) {
      writer.putBe32(type, bits(v4), ADDRESS_BYTES);
    } else {
      writer.putBytes(type, addressBytes.of(address), ADDRESS_BYTES);
    }
  }

  /**
   * The copy never leaves this method: compiled code keeps it in registers, and by itself the
   * method is compiled so however rare IPv4 was before.
   */
  private static int bits(Inet4Address address) {
    byte[] b = address.getAddress();
    return (b[0] & 0xff) << 24 | (b[1] & 0xff) << 16 | (b[2] & 0xff) << 8 | b[3] & 0xff;
  }

  /**
   * The bytes of IPv6 addresses, without a copy each time one is asked for again: {@link
   * InetAddress#getAddress()} makes one at every call.
   */
  private static final class AddressBytes {

    private static final int SLOT_BITS = 12;
    private static final int SLOTS = 1 << SLOT_BITS;

    /** How many slots an address may be in: without a choice, some would oust each other. */
    private static final int CHOICES = 8;

    /** Spreads what differs in few bits: the golden ratio of all numbers of 32 bits. */
    private static final int SPREAD = 0x9e3779b9;

    private final @Nullable InetAddress[] addresses = new @Nullable InetAddress[SLOTS];
    private final byte[][] bytes = new byte[SLOTS][];

    byte[] of(InetAddress address) {
      int first = address.hashCode() * SPREAD >>> 32 - SLOT_BITS;
      int free = first;
      for (int i = 0; i < CHOICES; i++) {
        int slot = first + i & SLOTS - 1;
        InetAddress known = addresses[slot];
        if (known == null) {
          free = slot;
          break;
        }
        if (known.equals(address)) {
          return bytes[slot];
        }
      }
      addresses[free] = address;
      bytes[free] = address.getAddress();
      return bytes[free];
    }
  }
}
