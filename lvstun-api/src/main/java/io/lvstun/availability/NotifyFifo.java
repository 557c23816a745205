// SPDX-License-Identifier: Apache-2.0
package io.lvstun.availability;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * keepalived's notify FIFO, open. It is opened for reading and writing: so opening waits for no
 * writer, and no writer's end is an end of file.
 */
final class NotifyFifo implements AutoCloseable {

  /** keepalived's longest: a keyword, a name of at most 1,000 bytes, a state, a priority. */
  static final int LONGEST_LINE = 1100;

  private static final int TYPE_MASK = 0170000;
  private static final int TYPE_FIFO = 0010000;
  private static final int OTHERS_WRITE = 0002;

  private final FileChannel channel;
  private final Identity identity;

  private NotifyFifo(FileChannel channel, Identity identity) {
    this.channel = channel;
    this.identity = identity;
  }

  /** What tells a FIFO from another one that is put in its place. */
  private record Identity(long device, long inode) {}

  /**
   * Opens the FIFO at a path.
   *
   * @throws IOException if there is none, if it is something else than a FIFO, or if anybody may
   *     write to it; the message says which
   */
  static NotifyFifo open(Path path) throws IOException {
    Identity identity = identityOf(path);
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try {
      if (!identityOf(path).equals(identity)) {
        throw new IOException("another file took its place while it was opened");
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return new NotifyFifo(channel, identity);
  }

  /** Why the path does not lead to this FIFO any more; empty text while it does. */
  String lost(Path path) {
    try {
      return identityOf(path).equals(identity) ? "" : "another FIFO took its place";
    } catch (IOException e) {
      return reason(e);
    }
  }

  private static Identity identityOf(Path path) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(path, "unix:mode,dev,ino", LinkOption.NOFOLLOW_LINKS);
    long mode = number(attributes, "mode");
    if ((mode & TYPE_MASK) != TYPE_FIFO) {
      throw new IOException("it is no FIFO");
    }
    if ((mode & OTHERS_WRITE) != 0) {
      throw new IOException("every user may write to it: chmod o-w");
    }
    return new Identity(number(attributes, "dev"), number(attributes, "ino"));
  }

  private static long number(Map<String, Object> attributes, String name) {
    return ((Number) Objects.requireNonNull(attributes.get(name), name)).longValue();
  }

  /** What an error of opening means. */
  static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "it is not there; keepalived makes it when it starts";
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  /**
   * Hands over line after line until the FIFO is closed.
   *
   * @param line takes a line of at most {@link #LONGEST_LINE} bytes, without its end
   * @param tooLong takes the beginning of a longer one
   * @throws IOException if the FIFO was closed, or cannot be read
   */
  void read(Consumer<String> line, Consumer<String> tooLong) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    ByteArrayOutputStream current = new ByteArrayOutputStream();
    while (channel.read(buffer) >= 0) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        byte next = buffer.get();
        if (next == '\n') {
          (current.size() > LONGEST_LINE ? tooLong : line)
              .accept(current.toString(StandardCharsets.UTF_8));
          current.reset();
        } else if (current.size() <= LONGEST_LINE) {
          current.write(next);
        }
      }
      buffer.clear();
    }
    throw new IOException("end of file");
  }

  /** Closes the FIFO and ends {@link #read}. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
