// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host.process;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Keeps the first bytes that a program writes, and has it killed when more come. Thread-safe. */
public final class CapturedOutput implements OutputSink {

  private final long limit;
  private final boolean firstLineOnly;
  private final List<byte[]> pieces = new ArrayList<>();
  private long length;
  private boolean overflowed;
  private boolean satisfied;

  private CapturedOutput(long limit, boolean firstLineOnly) {
    this.limit = limit;
    this.firstLineOnly = firstLineOnly;
  }

  /** Keeps so many bytes. */
  public static CapturedOutput of(long limit) {
    return new CapturedOutput(limit, false);
  }

  /** Has the program killed as soon as it has written a line, or more than so many bytes. */
  public static CapturedOutput firstLine(long limit) {
    return new CapturedOutput(limit, true);
  }

  @Override
  public synchronized boolean accept(byte[] buffer, int offset, int count) {
    if (satisfied || overflowed) {
      return false;
    }
    int kept = (int) Math.min(count, limit - length);
    if (kept > 0) {
      pieces.add(Arrays.copyOfRange(buffer, offset, offset + kept));
      length += kept;
    }
    overflowed = kept < count;
    if (firstLineOnly) {
      for (int i = offset; i < offset + kept; i++) {
        satisfied |= buffer[i] == '\n';
      }
    }
    return !satisfied && !overflowed;
  }

  /** Whether more came than the limit. */
  public synchronized boolean overflowed() {
    return overflowed;
  }

  /** Whether the program was killed because its first line is all that is wanted. */
  public synchronized boolean satisfied() {
    return satisfied;
  }

  /** What was kept, without another copy of it. */
  public synchronized InputStream stream() {
    return new SequenceInputStream(
        Collections.enumeration(
            pieces.stream().map(piece -> (InputStream) new ByteArrayInputStream(piece)).toList()));
  }

  /** What was kept, as text. */
  public synchronized String text(Charset charset) {
    byte[] all = new byte[(int) length];
    int position = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, all, position, piece.length);
      position += piece.length;
    }
    return new String(all, charset);
  }
}
