// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import io.lvstun.ProtocolException;
import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.Netlink;

/** Carries out a single request: sends it and reads its answer to the end. */
public final class Exchange {

  private static final int EBUSY = 16;

  private Exchange() {}

  /** Takes an answer's messages as they come. */
  public interface Sink {

    /**
     * Takes a message, which is neither an error nor an end.
     *
     * @param message the message, valid until this method returns
     */
    void message(MessageReader message);

    /**
     * Is told that all messages of a datagram have been taken.
     *
     * @param datagram the datagram
     */
    default void datagramEnd(MessageReader datagram) {}
  }

  /**
   * Sends what the session's writer holds, one request that asks for an acknowledgement, and reads
   * until that comes.
   *
   * @param session the session
   * @param sequence the request's number; answers with another one are passed over
   * @param deadline until when to wait
   * @param sink takes the answer
   * @throws RefusedException if the kernel answers with an error
   * @throws NoAnswerException if the answer does not come, or not whole
   * @throws ProtocolException if the answer is malformed
   * @throws SystemCallException if the system refuses
   */
  public static void request(NetlinkSession session, int sequence, Deadline deadline, Sink sink) {
    exchange(session, sequence, deadline, sink, false);
  }

  /**
   * Sends what the session's writer holds, one request that asks for a dump, and reads it to its
   * end.
   *
   * @param session the session
   * @param sequence the request's number; answers with another one are passed over
   * @param deadline until when to wait
   * @param sink takes the answer
   * @throws RefusedException if the kernel answers with an error
   * @throws NoAnswerException if the answer does not come, or not whole
   * @throws ProtocolException if the answer is malformed
   * @throws SystemCallException if the system refuses
   */
  public static void dump(NetlinkSession session, int sequence, Deadline deadline, Sink sink) {
    exchange(session, sequence, deadline, sink, true);
  }

  private static void exchange(
      NetlinkSession session, int sequence, Deadline deadline, Sink sink, boolean dump) {
    session.send();
    MessageReader reader = session.reader();
    boolean changed = false;
    while (true) {
      switch (dump ? session.receivePiece(deadline) : session.receive(deadline)) {
        case SILENCE -> throw new NoAnswerException(NoAnswerException.Cause.DEADLINE);
        case INTERRUPTED -> throw new NoAnswerException(NoAnswerException.Cause.INTERRUPTED);
        case OVERRUN -> throw new NoAnswerException(NoAnswerException.Cause.OVERRUN);
        case DATAGRAM -> {}
      }
      boolean end = false;
      while (!end && reader.next()) {
        if (reader.sequence() != sequence || reader.portId() != session.portId()) {
          continue;
        }
        changed |= (reader.flags() & Netlink.NLM_F_DUMP_INTR) != 0;
        switch (reader.type()) {
          case Netlink.NLMSG_NOOP -> {}
          case Netlink.NLMSG_ERROR, Netlink.NLMSG_DONE -> {
            int errno = reader.errno();
            if (errno == EBUSY) {
              throw new NoAnswerException(NoAnswerException.Cause.BUSY);
            }
            if (errno != 0) {
              throw new RefusedException(errno, reader.errorText(new AttributeReader()));
            }
            end = true;
          }
          default -> sink.message(reader);
        }
      }
      sink.datagramEnd(reader);
      if (changed) {
        // The rest of the dump is not worth reading; the session ends with the exception.
        throw new NoAnswerException(NoAnswerException.Cause.CHANGED);
      }
      if (end) {
        return;
      }
    }
  }
}
