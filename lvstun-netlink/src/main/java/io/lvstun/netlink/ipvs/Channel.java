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
 * A session, an encoder and a decoder for IPVS, reused between requests. One thread at a time owns
 * a channel.
 */
final class Channel implements AutoCloseable {

  /** Room for 400 to 500 commands: beyond some dozens, more in one send gain nothing. */
  private static final int SEND_BYTES = 64 * 1024;

  /** Requests are short. */
  private static final int REQUEST_BYTES = 4 * 1024;

  private static final int LARGEST_PIECE = 32 * 1024;
  private static final int SMALLEST_PIECE = 4 * 1024;

  /**
   * So many dumps in a row must have fit a page before the next is asked for in pages: one that
   * does not fit has to be read again, which costs as much as eight gain.
   */
  private static final int ENOUGH_FOR_PAGE = 8;

  private final SocketSource source;
  private final Duration time;

  /** The family's number, shared by the driver's channels; 0 when it is not known. */
  private final AtomicInteger family;

  private final Encoder encoder = new Encoder();
  private final Decoder decoder;
  private @Nullable NetlinkSession session;
  private @Nullable NetlinkSession page;
  private @Nullable NetlinkSession bulk;

  /** What a dump of servers is expected to need: as much as the one before. */
  private int expectedPiece = NetlinkSession.SMALL;

  private int dumpsThatFitPage;
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

  /** The session for commands, single answers and the few servers that most services have. */
  NetlinkSession session() {
    NetlinkSession open = session;
    if (open == null) {
      open =
          new NetlinkSession(source.open(SocketSource.GENERIC), SEND_BYTES, NetlinkSession.SMALL);
      session = open;
      // Shows that the family is there, and tells the kernel the size of the buffer.
      lookUpFamily(open);
    }
    return open;
  }

  /**
   * The session for a dump of servers, by what the dumps before needed: services are much alike.
   */
  NetlinkSession fitting() {
    if (expectedPiece > NetlinkSession.SMALL) {
      return bulk();
    }
    return dumpsThatFitPage < ENOUGH_FOR_PAGE ? session() : page();
  }

  /**
   * Remembers what a dump needed, and drops the session if that has made it slow for others.
   *
   * @param used the session
   * @param bytes what it would have taken to get it in a single piece
   */
  void fitted(NetlinkSession used, int bytes) {
    expectedPiece = bytes;
    dumpsThatFitPage = bytes > NetlinkSession.SMALLEST ? 0 : dumpsThatFitPage + 1;
    if (used.isLarge() && used != bulk) {
      session = used == session ? null : session;
      page = used == page ? null : page;
      used.close();
    }
  }

  private NetlinkSession page() {
    NetlinkSession open = page;
    if (open == null) {
      open =
          new NetlinkSession(
              source.open(SocketSource.GENERIC), REQUEST_BYTES, NetlinkSession.SMALLEST);
      page = open;
      lookUpFamily(open);
    }
    return open;
  }

  /** The session for dumps that are expected to be long. */
  NetlinkSession bulk() {
    NetlinkSession open = bulk;
    if (open == null) {
      open =
          new NetlinkSession(
              source.open(SocketSource.GENERIC), REQUEST_BYTES, NetlinkSession.LARGE);
      bulk = open;
    }
    return open;
  }

  /**
   * Opens a session for one long dump, whose pieces are to begin half a piece later than those of
   * another dump.
   *
   * @param firstPiece how long the other dump's first piece was
   */
  NetlinkSession shifted(int firstPiece) {
    NetlinkSession fresh =
        new NetlinkSession(
            source.open(SocketSource.GENERIC),
            REQUEST_BYTES,
            Math.max(SMALLEST_PIECE, (firstPiece + LARGEST_PIECE / 2) % LARGEST_PIECE));
    try {
      // An answer must have been received for the kernel to know the size of the buffer.
      lookUpFamily(fresh);
      fresh.receiveWith(NetlinkSession.LARGE);
      return fresh;
    } catch (RuntimeException e) {
      fresh.close();
      throw e;
    }
  }

  /** Drops the sessions, with every answer that is still to come; the next use opens others. */
  void replace() {
    close(session);
    session = null;
    close(page);
    page = null;
    close(bulk);
    bulk = null;
  }

  private static void close(@Nullable NetlinkSession open) {
    if (open != null) {
      open.close();
    }
  }

  /** The family's number, looked up if it is not known. */
  int family() {
    int known = family.get();
    familyUsed = known != 0 ? known : lookUpFamily(session());
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
    return lookUpFamily(session()) != before;
  }

  private int lookUpFamily(NetlinkSession session) {
    int found = GenericFamily.lookUp(session, Ipvs.IPVS_GENL_NAME, deadline());
    family.set(found);
    return found;
  }

  /** Asks for something about IPVS as a whole. */
  void ask(NetlinkSession session, int command, boolean dump, Exchange.Sink sink) {
    int number = family();
    int sequence = session.takeSequence(1);
    encoder.request(session.writer(), number, flags(dump), sequence, command);
    exchange(session, sequence, dump, new Typed(number, sink));
  }

  /** Asks for something about one service. */
  void ask(
      NetlinkSession session, int command, boolean dump, ServiceKey service, Exchange.Sink sink) {
    int number = family();
    int sequence = session.takeSequence(1);
    encoder.request(session.writer(), number, flags(dump), sequence, command, service);
    exchange(session, sequence, dump, new Typed(number, sink));
  }

  private void exchange(NetlinkSession session, int sequence, boolean dump, Exchange.Sink sink) {
    if (dump) {
      Exchange.dump(session, sequence, deadline(), sink);
    } else {
      Exchange.request(session, sequence, deadline(), sink);
    }
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
