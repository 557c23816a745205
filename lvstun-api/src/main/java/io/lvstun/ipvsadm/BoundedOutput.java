// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Keeps what a process writes, up to a limit. Thread-safe. */
final class BoundedOutput implements Sink {

  private final long limit;
  private final boolean firstLineOnly;
  private final List<byte[]> pieces = new ArrayList<>();
  private long length;
  private boolean overflowed;
  private boolean satisfied;

  private BoundedOutput(long limit, boolean firstLineOnly) {
    this.limit = limit;
    this.firstLineOnly = firstLineOnly;
  }

  /** Ends the process when it has written more than so many bytes. */
  static BoundedOutput of(long limit) {
    return new BoundedOutput(limit, false);
  }

  /** Ends the process when it has written a line, or more than so many bytes. */
  static BoundedOutput firstLine(long limit) {
    return new BoundedOutput(limit, true);
  }

  @Override
  public synchronized boolean accept(byte[] buffer, int count) {
    if (satisfied || overflowed) {
      return false;
    }
    if (length + count > limit) {
      overflowed = true;
      pieces.clear();
      return false;
    }
    pieces.add(Arrays.copyOf(buffer, count));
    length += count;
    if (firstLineOnly) {
      for (int i = 0; i < count; i++) {
        satisfied |= buffer[i] == '\n';
      }
    }
    return !satisfied;
  }

  /** Whether more came than the limit. */
  synchronized boolean overflowed() {
    return overflowed;
  }

  /** Whether the process was ended because the first line is all that is wanted. */
  synchronized boolean satisfied() {
    return satisfied;
  }

  synchronized InputStream stream() {
    return new SequenceInputStream(
        Collections.enumeration(
            pieces.stream().map(piece -> (InputStream) new ByteArrayInputStream(piece)).toList()));
  }

  /** All of it as text; for short outputs. */
  synchronized String text() {
    StringBuilder text = new StringBuilder();
    for (byte[] piece : pieces) {
      text.append(new String(piece, StandardCharsets.ISO_8859_1));
    }
    return text.toString();
  }
}
