// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The metadata at the end of a file in the MaxMind DB format, which is all that tells whether it is
 * whole and how old it is. The format is described at {@code
 * https://maxmind.github.io/MaxMind-DB/}.
 */
final class GeoDatabaseFile {

  private static final byte[] MARKER =
      "\u00ab\u00cd\u00efMaxMind.com".getBytes(StandardCharsets.ISO_8859_1);

  /** The metadata is within the last 128 KiB. */
  private static final int TAIL = 128 << 10;

  private static final int DEPTH = 16;

  private final ByteBuffer data;

  private GeoDatabaseFile(ByteBuffer data) {
    this.data = data;
  }

  /** Reads the metadata; what is wrong with the file becomes the database's problem. */
  static Geography.Database read(Path path) {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = file.size();
      ByteBuffer tail = ByteBuffer.allocate((int) Math.min(TAIL, size));
      while (tail.hasRemaining()
          && file.read(tail, size - tail.capacity() + tail.position()) >= 0) {
        // Until all of it is there.
      }
      tail.flip();
      int at = lastMarker(tail.array(), tail.limit());
      if (at < 0) {
        return broken(path, "it has no metadata: it is no MaxMind DB, or not all of it");
      }
      tail.position(at + MARKER.length);
      Object value = new GeoDatabaseFile(tail.slice()).value(0);
      if (!(value instanceof Map<?, ?> metadata)) {
        return broken(path, "its metadata is no map");
      }
      long nodes = number(metadata.get("node_count"));
      long record = number(metadata.get("record_size"));
      long treeEnd = nodes * record / 4 + 16;
      if (nodes <= 0 || record <= 0 || treeEnd > size - tail.limit() + at) {
        return broken(path, "it is shorter than its metadata says: an incomplete download?");
      }
      long built = number(metadata.get("build_epoch"));
      return new Geography.Database(
          path.toString(),
          metadata.get("database_type") instanceof String type ? type : "",
          built > 0 ? Optional.of(Instant.ofEpochSecond(built)) : Optional.empty(),
          Optional.empty());
    } catch (NoSuchFileException e) {
      return broken(path, "there is no such file");
    } catch (IOException e) {
      return broken(path, "it cannot be read: " + e.getMessage());
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return broken(path, "its metadata cannot be understood");
    }
  }

  private static Geography.Database broken(Path path, String problem) {
    return new Geography.Database(path.toString(), "", Optional.empty(), Optional.of(problem));
  }

  private static long number(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Long number && number <= 0xffff_ffffL ? number : 0;
  }

  private static int lastMarker(byte[] bytes, int length) {
    for (int at = length - MARKER.length; at >= 0; at--) {
      if (java.util.Arrays.equals(bytes, at, at + MARKER.length, MARKER, 0, MARKER.length)) {
        return at;
      }
    }
    return -1;
  }

  /** One value; numbers are longs, and what metadata does not have is refused. */
  private Object value(int depth) {
    if (depth > DEPTH) {
      throw new IllegalArgumentException("nested too deeply");
    }
    int control = data.get() & 0xff;
    int type = control >> 5;
    if (type == 0) {
      type = (data.get() & 0xff) + 7;
    }
    int size = size(control & 0x1f);
    return switch (type) {
      case 2 -> new String(bytes(size), StandardCharsets.UTF_8);
      case 5, 6, 8, 9 -> unsigned(size);
      case 7 -> {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
          map.put(String.valueOf(value(depth + 1)), value(depth + 1));
        }
        yield map;
      }
      case 11 -> {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          list.add(value(depth + 1));
        }
        yield list;
      }
      case 14 -> size != 0;
      default -> throw new IllegalArgumentException("unexpected type " + type);
    };
  }

  private int size(int low) {
    return switch (low) {
      case 29 -> 29 + (int) unsigned(1);
      case 30 -> 285 + (int) unsigned(2);
      case 31 -> 65821 + (int) unsigned(3);
      default -> low;
    };
  }

  private byte[] bytes(int size) {
    if (size > data.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[size];
    data.get(bytes);
    return bytes;
  }

  private long unsigned(int size) {
    if (size > 8) {
      throw new IllegalArgumentException("number of " + size + " bytes");
    }
    long number = 0;
    for (byte b : bytes(size)) {
      number = number << 8 | (b & 0xff);
    }
    return number;
  }
}
