// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.ServiceKey;
import io.lvstun.netlink.generic.GenericFamily;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.Netlink;
import io.lvstun.netlink.socket.Deadline;
import io.lvstun.netlink.socket.Exchange;
import io.lvstun.netlink.socket.NetlinkSession;
import io.lvstun.netlink.socket.SocketSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a thread needs to talk to IPVS: a session, an encoder and a decoder, all reused. One thread
 * at a time owns a channel.
 */
final class Channel implements AutoCloseable {

  /** Room for 400 to 500 commands: beyond some dozens, more in one send gain nothing. */
  private static final int SEND_BYTES = 64 * 1024;

  /** What moves the pieces of a dump by half of their size. */
  private static final int HALF_PIECE = 16 * 1024;

  private final SocketSource source;
  private final Duration time;

  /** The family's number, shared by the driver's channels; 0 when it is not known. */
  private final AtomicInteger family;

  private final Encoder encoder = new Encoder();
  private final Decoder decoder;
  private @Nullable NetlinkSession session;
  private int familyUsed;

  Channel(SocketSource source, Duration time, AtomicInteger family, TunnelSupport tunnels) {
    this.source = source;
    this.time = time;
    this.family = family;
    decoder = new Decoder(tunnels);
  }

  Encoder encoder() {
    return encoder;
  }

  Decoder decoder() {
    return decoder;
  }

  Deadline deadline() {
    return Deadline.in(time);
  }

  NetlinkSession session() {
    NetlinkSession open = session;
    if (open == null) {
      open = new NetlinkSession(source.open(SocketSource.GENERIC), SEND_BYTES);
      session = open;
    }
    return open;
  }

  /** Drops the session, with every answer that is still to come; the next use opens another. */
  void replace() {
    NetlinkSession open = session;
    session = null;
    if (open != null) {
      open.close();
    }
  }

  /**
   * Opens a session whose next dump comes in other pieces: the first is half as large as those of a
   * session that has been used, so that the rest begin half a piece later.
   */
  void replaceForShiftedDump() {
    replace();
    NetlinkSession fresh = session();
    fresh.receiveWith(HALF_PIECE);
    lookUpFamily();
    fresh.receiveWith(NetlinkSession.RECEIVE_BYTES);
  }

  /** The family's number, looked up if it is not known. */
  int family() {
    int known = family.get();
    familyUsed = known != 0 ? known : lookUpFamily();
    return familyUsed;
  }

  /**
   * Looks the family up after an error that a missing family could explain.
   *
   * @return true if it has another number than the one used last, because the module was loaded
   *     again
   */
  boolean familyChanged() {
    int before = familyUsed;
    return lookUpFamily() != before;
  }

  private int lookUpFamily() {
    int found = GenericFamily.lookUp(session(), Ipvs.IPVS_GENL_NAME, deadline());
    family.set(found);
    return found;
  }

  /** Asks for something about IPVS as a whole. */
  void ask(int command, boolean dump, Exchange.Sink sink) {
    NetlinkSession open = session();
    int number = family();
    int sequence = open.takeSequence(1);
    encoder.request(open.writer(), number, flags(dump), sequence, command);
    Exchange.request(open, sequence, deadline(), new Typed(number, sink));
  }

  /** Asks for something about one service. */
  void ask(int command, boolean dump, ServiceKey service, Exchange.Sink sink) {
    NetlinkSession open = session();
    int number = family();
    int sequence = open.takeSequence(1);
    encoder.request(open.writer(), number, flags(dump), sequence, command, service);
    Exchange.request(open, sequence, deadline(), new Typed(number, sink));
  }

  private static int flags(boolean dump) {
    return Netlink.NLM_F_REQUEST | (dump ? Netlink.NLM_F_DUMP : Netlink.NLM_F_ACK);
  }

  @Override
  public void close() {
    replace();
  }

  /** Refuses messages that are not of the family. */
  private record Typed(int family, Exchange.Sink sink) implements Exchange.Sink {

    @Override
    public void message(MessageReader message) {
      if (message.type() != family) {
        throw MessageReader.malformed(
            "an answer has type " + message.type() + " instead of " + family);
      }
      sink.message(message);
    }

    @Override
    public void datagramEnd(MessageReader datagram) {
      sink.datagramEnd(datagram);
    }
  }
}
