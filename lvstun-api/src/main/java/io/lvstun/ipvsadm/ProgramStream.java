// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What a program prints, as it is consumed. The program waits while nobody reads, and is killed
 * when the stream is closed. Not thread-safe.
 */
final class ProgramStream extends InputStream {

  private static final int PIECES = 16;
  private static final byte[] END = {};

  private final Program program;
  private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(PIECES);
  private final BoundedOutput error = BoundedOutput.of(4096);
  private final Execution execution;
  private volatile boolean closed;
  private byte[] piece = {};
  private int position;
  private boolean over;

  ProgramStream(Program program, List<String> arguments) {
    this.program = program;
    this.execution = program.start(arguments, new Pieces(), error, null);
  }

  /** Hands the output over piece by piece. */
  private final class Pieces implements Sink {

    @Override
    public boolean accept(byte[] buffer, int length) throws InterruptedException {
      put(Arrays.copyOf(buffer, length));
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
      byte[] next = pieces.poll(program.deadline().toNanos(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new IOException(
            "nothing came for " + program.deadline().toMillis() + " ms from " + program);
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
    OptionalInt exitCode = execution.await(program.deadline());
    if (exitCode.isEmpty() || exitCode.getAsInt() != 0) {
      throw new IOException(
          program
              + " failed with exit code "
              + (exitCode.isPresent() ? exitCode.getAsInt() : "unknown")
              + " ("
              + Refusals.printable(error.text().strip())
              + ')');
    }
  }

  @Override
  public void close() {
    closed = true;
    program.finish(execution);
  }
}
