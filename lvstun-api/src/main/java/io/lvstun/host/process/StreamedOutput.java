// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host.process;

import io.lvstun.ForeignText;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What a program prints, as it is consumed. The program waits while nobody reads, and is killed
 * when the stream is closed. Reading throws {@link IOException} when nothing comes for too long,
 * and at the end if the program failed. Not thread-safe.
 */
public final class StreamedOutput extends InputStream {

  private static final int PIECES = 16;
  private static final int LONGEST_ERROR = 4096;
  private static final byte[] END = {};

  private final String name;
  private final Duration patience;
  private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(PIECES);
  private final CapturedOutput error = CapturedOutput.of(LONGEST_ERROR);
  private final Subprocess subprocess;
  private volatile boolean closed;
  private byte[] piece = {};
  private int position;
  private boolean over;

  /**
   * Starts a program.
   *
   * @param invocation the program and what it gets
   * @param name what messages call it
   * @param patience how long nothing may come while somebody reads
   */
  public StreamedOutput(Invocation invocation, String name, Duration patience) {
    this.name = name;
    this.patience = patience;
    this.subprocess = Subprocess.start(invocation, new Pieces(), error);
  }

  /** Hands the output over piece by piece. */
  private final class Pieces implements OutputSink {

    @Override
    public boolean accept(byte[] buffer, int offset, int length) throws InterruptedException {
      put(Arrays.copyOfRange(buffer, offset, offset + length));
      return !closed;
    }

    @Override
    public void ended() {
      try {
        put(END);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void put(byte[] bytes) throws InterruptedException {
      boolean taken = false;
      while (!taken && !closed) {
        // The consumer takes its time; it may also close the stream.
        taken = pieces.offer(bytes, 1, TimeUnit.SECONDS);
      }
    }
  }

  /** The program that prints. */
  public Subprocess subprocess() {
    return subprocess;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == piece.length && !advance()) {
      return -1;
    }
    int count = Math.min(length, piece.length - position);
    System.arraycopy(piece, position, buffer, offset, count);
    position += count;
    return count;
  }

  /** Takes the next piece; false at the end. */
  private boolean advance() throws IOException {
    if (closed) {
      throw new IOException("the stream is closed");
    }
    if (over) {
      return false;
    }
    try {
      byte[] next = pieces.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new IOException("nothing came for " + patience.toMillis() + " ms from " + name);
      }
      if (next == END) {
        over = true;
        requireSuccess();
        return false;
      }
      piece = next;
      position = 0;
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private void requireSuccess() throws IOException, InterruptedException {
    OptionalInt exitCode = subprocess.await(patience);
    if (exitCode.isEmpty() || exitCode.getAsInt() != 0) {
      throw new IOException(
          name
              + " failed with exit code "
              + (exitCode.isPresent() ? exitCode.getAsInt() : "unknown")
              + " ("
              + ForeignText.printable(error.text(StandardCharsets.ISO_8859_1).strip())
              + ')');
    }
  }

  @Override
  public void close() {
    closed = true;
    subprocess.kill();
  }
}
