// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.generic;

import static io.lvstun.netlink.message.Netlink.NLM_F_ACK;
import static io.lvstun.netlink.message.Netlink.NLM_F_REQUEST;

import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.netlink.socket.Deadline;
import io.lvstun.netlink.socket.Exchange;
import io.lvstun.netlink.socket.NetlinkSession;

/**
 * Looks up the number of a generic netlink family, which changes each time the family's module is
 * loaded. The lookup makes the kernel load the module where it can.
 *
 * <p>Source: {@code linux/genetlink.h}, {@code net/netlink/genetlink.c}.
 */
public final class GenericFamily {

  private static final int GENL_ID_CTRL = 0x10;
  private static final int CTRL_VERSION = 2;
  private static final int CTRL_CMD_GETFAMILY = 3;
  private static final int CTRL_ATTR_FAMILY_ID = 1;
  private static final int CTRL_ATTR_FAMILY_NAME = 2;

  /** The header of generic netlink: command, version, 2 unused bytes. */
  public static final int GENL_HDRLEN = 4;

  private GenericFamily() {}

  /**
   * Looks a family up.
   *
   * @param session the session to use
   * @param name the family's name
   * @param deadline until when to wait
   * @return its number
   * @throws io.lvstun.netlink.socket.RefusedException with ENOENT if there is none
   * @throws io.lvstun.netlink.socket.NoAnswerException if the kernel does not answer
   */
  public static int lookUp(NetlinkSession session, String name, Deadline deadline) {
    MessageWriter writer = session.writer();
    int sequence = session.takeSequence(1);
    writer.begin(GENL_ID_CTRL, NLM_F_REQUEST | NLM_F_ACK, sequence);
    writer.genericHeader(CTRL_CMD_GETFAMILY, CTRL_VERSION);
    writer.putString(CTRL_ATTR_FAMILY_NAME, name);
    writer.end();
    Answer answer = new Answer();
    Exchange.request(session, sequence, deadline, answer);
    return answer.id();
  }

  private static final class Answer implements Exchange.Sink {

    private final AttributeReader attributes = new AttributeReader();
    private int id;

    @Override
    public void message(MessageReader message) {
      if (message.type() != GENL_ID_CTRL) {
        return;
      }
      message.attributes(GENL_HDRLEN, attributes);
      while (attributes.next()) {
        if (attributes.type() == CTRL_ATTR_FAMILY_ID) {
          id = attributes.u16();
        }
      }
    }

    int id() {
      if (id < 0x10) {
        throw MessageReader.malformed("the answer about a generic netlink family has no valid id");
      }
      return id;
    }
  }
}
