// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes small databases in the MaxMind DB format 2.0, with records of 28 bits. {@code mmdblookup}
 * reads them too.
 */
final class MmdbWriter {

  private final int ipVersion;
  private final String type;
  private final List<int[]> nodes = new ArrayList<>(); // two records a node: EMPTY, node or ~place
  private final Map<Map<String, Object>, Integer> offsets = new LinkedHashMap<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private long built = 1_750_000_000L;

  private static final int EMPTY = Integer.MIN_VALUE;

  MmdbWriter(int ipVersion, String type) {
    this.ipVersion = ipVersion;
    this.type = type;
    nodes.add(new int[] {EMPTY, EMPTY});
  }

  @CanIgnoreReturnValue
  MmdbWriter built(long epochSecond) {
    built = epochSecond;
    return this;
  }

  @CanIgnoreReturnValue
  MmdbWriter country(String network, String code) {
    return put(network, Map.of("country_code", code));
  }

  /** Adds a network; one inside another must come after it. */
  @CanIgnoreReturnValue
  MmdbWriter put(String network, Map<String, Object> row) {
    Cidr cidr = Cidr.parse(network);
    byte[] address = cidr.address().getAddress();
    int length = cidr.prefixLength();
    if (ipVersion == 6 && address.length == 4) {
      byte[] wide = new byte[16];
      System.arraycopy(address, 0, wide, 12, 4);
      address = wide;
      length += 96;
    }
    int offset = offsets.computeIfAbsent(row, this::append);
    int node = 0;
    for (int bit = 0; bit < length; bit++) {
      int side = address[bit / 8] >> (7 - bit % 8) & 1;
      if (bit == length - 1) {
        nodes.get(node)[side] = ~offset;
        break;
      }
      int next = nodes.get(node)[side];
      if (next < 0) { // empty, or a row that is split
        nodes.add(new int[] {next, next});
        next = nodes.size() - 1;
        nodes.get(node)[side] = next;
      }
      node = next;
    }
    return this;
  }

  Path write(Path file) {
    try {
      return Files.write(file, bytes());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int[] node : nodes) {
      long left = record(node[0]);
      long right = record(node[1]);
      out.writeBytes(
          new byte[] {
            (byte) (left >> 16),
            (byte) (left >> 8),
            (byte) left,
            (byte) ((left >> 24 & 0xf) << 4 | right >> 24 & 0xf),
            (byte) (right >> 16),
            (byte) (right >> 8),
            (byte) right
          });
    }
    out.writeBytes(new byte[16]);
    out.writeBytes(data.toByteArray());
    out.writeBytes(new byte[] {(byte) 0xab, (byte) 0xcd, (byte) 0xef});
    out.writeBytes("MaxMind.com".getBytes(StandardCharsets.US_ASCII));
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("binary_format_major_version", 2);
    metadata.put("binary_format_minor_version", 0);
    metadata.put("build_epoch", BigInteger.valueOf(built));
    metadata.put("database_type", type);
    metadata.put("description", Map.of("en", "test"));
    metadata.put("ip_version", ipVersion);
    metadata.put("languages", List.of("en"));
    metadata.put("node_count", (long) nodes.size());
    metadata.put("record_size", 28);
    encode(out, metadata);
    return out.toByteArray();
  }

  private long record(int value) {
    return value == EMPTY ? nodes.size() : value >= 0 ? value : nodes.size() + 16L + ~value;
  }

  private int append(Map<String, Object> row) {
    int offset = data.size();
    encode(data, row);
    return offset;
  }

  private static void encode(ByteArrayOutputStream out, Object value) {
    if (value instanceof String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      control(out, 2, bytes.length);
      out.writeBytes(bytes);
    } else if (value instanceof Double number) {
      control(out, 3, 8);
      out.writeBytes(ByteBuffer.allocate(8).putDouble(number).array());
    } else if (value instanceof Integer number) {
      control(out, 5, 2);
      out.writeBytes(new byte[] {(byte) (number >> 8), (byte) (int) number});
    } else if (value instanceof Long number) {
      control(out, 6, 4);
      out.writeBytes(ByteBuffer.allocate(4).putInt((int) (long) number).array());
    } else if (value instanceof BigInteger number) {
      control(out, 9, 8);
      out.writeBytes(ByteBuffer.allocate(8).putLong(number.longValueExact()).array());
    } else if (value instanceof Map<?, ?> map) {
      control(out, 7, map.size());
      map.forEach(
          (key, inner) -> {
            encode(out, key);
            encode(out, inner);
          });
    } else if (value instanceof List<?> list) {
      control(out, 11, list.size());
      list.forEach(inner -> encode(out, inner));
    } else {
      throw new IllegalArgumentException("no encoding for " + value);
    }
  }

  private static void control(ByteArrayOutputStream out, int type, int size) {
    int low = size < 29 ? size : size < 285 ? 29 : 30;
    if (type <= 7) {
      out.write(type << 5 | low);
    } else {
      out.write(low);
      out.write(type - 7);
    }
    if (low == 29) {
      out.write(size - 29);
    } else if (low == 30) {
      out.write(size - 285 >> 8);
      out.write(size - 285);
    }
  }
}
