// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.health.CheckResult.Cause;
import io.lvstun.health.DnsCheck;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A query and the judgement of its response (RFC 1035). */
final class DnsMessage {

  private static final int CLASS_IN = 1;
  private static final int MOST_POINTERS = 64;
  private static final String[] CODES = {
    "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"
  };

  private DnsMessage() {}

  static ByteBuffer query(DnsCheck check, int identifier) {
    ByteBuffer query = ByteBuffer.allocate(512);
    query.putShort((short) identifier).putShort((short) 0x0100);
    query.putShort((short) 1).putShort((short) 0).putInt(0);
    for (String label : check.name().split("\\.")) {
      byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
      query.put((byte) bytes.length).put(bytes);
    }
    query.put((byte) 0).putShort((short) check.type().number()).putShort((short) CLASS_IN);
    return query.flip();
  }

  /** Whether a datagram is a response to a query at all: others are not waited-for answers. */
  static boolean answers(ByteBuffer response, int identifier) {
    return response.remaining() >= 12
        && (response.getShort(0) & 0xffff) == identifier
        && response.get(2) < 0;
  }

  static Conversation.Verdict judge(DnsCheck check, ByteBuffer response) {
    int code = response.get(3) & 0xf;
    if (code != 0) {
      return Conversation.Verdict.failed(
          Cause.WRONG_ANSWER,
          "DNS "
              + (code < CODES.length ? CODES[code] : "code " + code)
              + " to "
              + check.describe());
    }
    int answers = response.getShort(6) & 0xffff;
    if (check.expected().isEmpty()) {
      return Conversation.Verdict.passed(answers + " records to " + check.describe());
    }
    String wanted = normal(check.expected().get());
    try {
      ByteBuffer at = response.duplicate();
      at.position(12);
      for (int i = 0; i < (response.getShort(4) & 0xffff); i++) {
        String unused = name(at);
        at.position(at.position() + 4);
      }
      for (int i = 0; i < answers; i++) {
        String unused = name(at);
        int type = at.getShort() & 0xffff;
        at.position(at.position() + 6);
        int length = at.getShort() & 0xffff;
        int end = at.position() + length;
        if (type == check.type().number() && normal(data(at, type, length)).equals(wanted)) {
          return Conversation.Verdict.passed(wanted + " is in the answer to " + check.describe());
        }
        at.position(end);
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return Conversation.Verdict.failed(Cause.MALFORMED, "DNS response is cut off");
    }
    return Conversation.Verdict.failed(
        Cause.WRONG_ANSWER, wanted + " is not in the answer to " + check.describe());
  }

  private static String normal(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.length() > 1 && lower.endsWith(".")
        ? lower.substring(0, lower.length() - 1)
        : lower;
  }

  private static String data(ByteBuffer at, int type, int length) {
    return switch (type) {
      case 1, 28 -> {
        byte[] bytes = new byte[length];
        at.get(bytes);
        try {
          yield io.lvstun.IpAddress.format(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
          throw new IllegalArgumentException("an address of " + length + " bytes", e);
        }
      }
      case 15 -> {
        at.getShort();
        yield name(at);
      }
      case 16 -> {
        byte[] bytes = new byte[at.get() & 0xff];
        at.get(bytes);
        yield new String(bytes, StandardCharsets.ISO_8859_1);
      }
      default -> name(at);
    };
  }

  /** Reads a name, following pointers backwards, and leaves the buffer behind it. */
  private static String name(ByteBuffer at) {
    StringBuilder name = new StringBuilder();
    ByteBuffer here = at;
    for (int hops = 0; ; ) {
      int length = here.get() & 0xff;
      if (length == 0) {
        return name.length() == 0 ? "." : name.substring(1);
      }
      if ((length & 0xc0) == 0xc0) {
        if (++hops > MOST_POINTERS) {
          throw new IllegalArgumentException("pointers in a circle");
        }
        int target = (length & 0x3f) << 8 | here.get() & 0xff;
        here = here.duplicate();
        here.position(target);
        continue;
      }
      byte[] label = new byte[length];
      here.get(label);
      name.append('.').append(new String(label, StandardCharsets.ISO_8859_1));
      if (name.length() > 255) {
        throw new IllegalArgumentException("a name that is too long");
      }
    }
  }
}
