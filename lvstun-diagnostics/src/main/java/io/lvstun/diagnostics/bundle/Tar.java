// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.bundle;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * As much of the ustar form of POSIX.1-2001 as a bundle needs: regular files with short names.
 * Nothing is ever unpacked to a disk.
 */
final class Tar {

  private static final int BLOCK = 512;

  private Tar() {}

  /** A file in an archive. */
  static final class Entry {

    private final String name;
    private final byte[] content;

    Entry(String name, byte[] content) {
      this.name = name;
      this.content = content;
    }

    String name() {
      return name;
    }

    byte[] content() {
      return content;
    }
  }

  // ---- writing ----

  /** Writes a file. */
  static void write(OutputStream out, String name, byte[] content, long modified)
      throws IOException {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000600");
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, octal(content.length));
    put(header, 136, octal(modified));
    Arrays.fill(header, 148, 156, (byte) ' ');
    header[156] = '0';
    put(header, 257, "ustar");
    put(header, 263, "00");
    put(header, 265, "root");
    put(header, 297, "root");
    put(header, 148, String.format(Locale.ROOT, "%06o", sum(header)));
    header[154] = 0;
    out.write(header);
    out.write(content);
    out.write(new byte[padding(content.length)]);
  }

  /** Writes the end of an archive. */
  static void end(OutputStream out) throws IOException {
    out.write(new byte[2 * BLOCK]);
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }

  private static String octal(long number) {
    return String.format(Locale.ROOT, "%011o", number);
  }

  private static int sum(byte[] header) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    return sum;
  }

  private static int padding(long length) {
    return (int) ((BLOCK - length % BLOCK) % BLOCK);
  }

  // ---- reading ----

  /** Reads archives, within bounds. */
  static final class Reader {

    private final InputStream in;
    private final int longestFile;
    private long bytesLeft;
    private int filesLeft;

    Reader(InputStream in, int longestFile, long mostBytes, int mostFiles) {
      this.in = in;
      this.longestFile = longestFile;
      this.bytesLeft = mostBytes;
      this.filesLeft = mostFiles;
    }

    /**
     * Reads the next regular file. Folders, and headers that other programs put before files, are
     * passed over.
     *
     * @return the file; null at the end
     * @throws IllegalArgumentException if it is no such archive, or beyond the bounds
     */
    @org.jspecify.annotations.Nullable
    Entry next() throws IOException {
      while (true) {
        byte[] header = in.readNBytes(BLOCK);
        if (header.length == 0 || allZero(header)) {
          return null;
        }
        if (header.length < BLOCK) {
          throw new EOFException("the archive ends within a header");
        }
        if (number(header, 148, 8) != sum(header)) {
          throw new IllegalArgumentException("not a tar archive");
        }
        if (--filesLeft < 0) {
          throw new IllegalArgumentException("the archive has too many files");
        }
        long length = number(header, 124, 12);
        String name = name(header);
        bytesLeft -= length;
        if (length > longestFile || bytesLeft < 0) {
          throw new IllegalArgumentException(
              "the archive is larger than anything that is meant to be here");
        }
        byte[] content = in.readNBytes((int) length);
        in.skipNBytes(padding(length));
        if (content.length < length) {
          throw new EOFException("the archive ends within a file");
        }
        switch (header[156]) {
          case 0, '0' -> {
            return new Entry(name, content);
          }
          case '5', 'x', 'g', 'L', 'K' -> {
            // A folder, or what describes the next file.
          }
          default ->
              throw new IllegalArgumentException("the archive has a link or a device, not files");
        }
      }
    }

    private static boolean allZero(byte[] block) {
      for (byte b : block) {
        if (b != 0) {
          return false;
        }
      }
      return true;
    }

    private static long number(byte[] header, int offset, int length) {
      long number = 0;
      for (int i = offset; i < offset + length && header[i] != 0; i++) {
        if (header[i] == ' ') {
          continue;
        }
        if (header[i] < '0' || header[i] > '7') {
          throw new IllegalArgumentException("not a tar archive");
        }
        number = number * 8 + header[i] - '0';
      }
      return number;
    }

    private static String name(byte[] header) {
      String name = text(header, 0, 100);
      String prefix = text(header, 257, 5).equals("ustar") ? text(header, 345, 155) : "";
      return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String text(byte[] header, int offset, int length) {
      int end = offset;
      while (end < offset + length && header[end] != 0) {
        end++;
      }
      return new String(header, offset, end - offset, StandardCharsets.UTF_8);
    }
  }
}
