// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.IpAddress;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a group of virtual servers: addresses, ranges and marks. */
final class GroupForm {

  private static final int MOST_ADDRESSES = 65536;

  /**
   * One virtual server of a group.
   *
   * @param address the address; empty for a mark
   * @param port 0 for every port
   * @param mark the mark, 0 for an address
   * @param family inet or inet6 if a mark says so
   */
  record Entry(Optional<InetAddress> address, int port, long mark, Optional<String> family) {}

  private final StatementReader reader;
  private final List<Entry> entries = new ArrayList<>();

  private GroupForm(StatementReader reader) {
    this.reader = reader;
  }

  static List<Entry> read(StatementReader reader, Statement group) {
    GroupForm form = new GroupForm(reader);
    group.block().forEach(form::value);
    return form.entries;
  }

  private void value(Statement value) {
    if (value.keyword().equals("fwmark")) {
      reader
          .number(value, value.argument(0).orElse(""), 1, 0xffff_ffffL)
          .ifPresent(mark -> entries.add(new Entry(Optional.empty(), 0, mark, value.argument(1))));
      return;
    }
    Optional<Long> port = Optional.of(0L);
    if (value.argument(0).isPresent()) {
      port = reader.number(value, value.argument(0).get(), 1, 65535);
    }
    if (port.isEmpty()) {
      return;
    }
    int number = port.get().intValue();
    reader
        .attempt(value, () -> range(value.keyword()))
        .ifPresent(
            addresses ->
                addresses.forEach(
                    address ->
                        entries.add(new Entry(Optional.of(address), number, 0, Optional.empty()))));
  }

  /** The forms {@code a.b.c.d}, {@code a.b.c.d-e}, {@code a.b.c.d-e.f.g.h}, {@code a.b.c.d/n}. */
  private static List<InetAddress> range(String text) {
    int dash = text.indexOf('-');
    int slash = text.indexOf('/');
    if (slash > 0) {
      InetAddress base = IpAddress.parse(text.substring(0, slash));
      int bits = base.getAddress().length * 8;
      int length = Checked.number("prefix length", text.substring(slash + 1));
      Checked.range("prefix length", length, Math.max(0, bits - 16), bits);
      BigInteger first = value(base).shiftRight(bits - length).shiftLeft(bits - length);
      return between(first, first.add(BigInteger.ONE.shiftLeft(bits - length)), bits / 8);
    }
    if (dash < 0) {
      return List.of(IpAddress.parse(text));
    }
    InetAddress first = IpAddress.parse(text.substring(0, dash));
    String end = text.substring(dash + 1);
    boolean six = first.getAddress().length == 16;
    InetAddress last;
    if (end.indexOf(six ? ':' : '.') >= 0) {
      last = IpAddress.parse(end);
      if (last.getAddress().length != first.getAddress().length) {
        throw new IllegalArgumentException("a range must have two ends of one address family");
      }
    } else {
      byte[] bytes = first.getAddress();
      int part = lastPart(end, six);
      bytes[bytes.length - 1] = (byte) part;
      if (six) {
        bytes[bytes.length - 2] = (byte) (part >> 8);
      }
      last = IpAddress.ofBytes(bytes);
    }
    return between(value(first), value(last).add(BigInteger.ONE), first.getAddress().length);
  }

  private static int lastPart(String text, boolean six) {
    if (!text.matches(six ? "[0-9A-Fa-f]{1,4}" : "[0-9]{1,3}")) {
      throw new IllegalArgumentException(
          "end of the range must be "
              + (six ? "one to four hexadecimal digits" : "0 to 255")
              + " or an address, not "
              + ConfigSyntaxException.excerpt(text));
    }
    return Checked.range(
        "end of the range", Integer.parseInt(text, six ? 16 : 10), 0, six ? 0xffff : 255);
  }

  private static BigInteger value(InetAddress address) {
    return new BigInteger(1, address.getAddress());
  }

  private static List<InetAddress> between(BigInteger first, BigInteger end, int bytes) {
    BigInteger count = end.subtract(first);
    if (count.signum() <= 0 || count.compareTo(BigInteger.valueOf(MOST_ADDRESSES)) > 0) {
      throw new IllegalArgumentException(
          "a range must have 1 to " + MOST_ADDRESSES + " addresses, not " + count);
    }
    List<InetAddress> all = new ArrayList<>(count.intValue());
    for (BigInteger at = first; at.compareTo(end) < 0; at = at.add(BigInteger.ONE)) {
      byte[] raw = at.toByteArray();
      byte[] address = new byte[bytes];
      int length = Math.min(raw.length, bytes);
      System.arraycopy(raw, raw.length - length, address, bytes - length, length);
      all.add(IpAddress.ofBytes(address));
    }
    return all;
  }
}
