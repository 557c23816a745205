// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Allocates firewall marks from a range, one for each owner. Health checks through the tunnel and
 * steering share one allocator, so that no mark has two meanings on a host. The same owner always
 * gets the same mark; a released mark is reused last.
 *
 * <p>Thread-safe. It does not look at the kernel: the caller makes sure that nothing else uses the
 * range.
 *
 * @since 0.1.0
 */
public final class MarkAllocator {

  /** The largest range: as many marks as one allocator hands out at the same time. */
  public static final int MAX_SIZE = 1 << 20;

  private final long first;
  private final int size;
  private final Map<String, Long> marks = new LinkedHashMap<>();
  private final BitSet taken = new BitSet();
  private int next;

  private MarkAllocator(long first, int size) {
    this.first = first;
    this.size = size;
  }

  /**
   * Returns an allocator.
   *
   * @param first the lowest mark, 1 to 4294967295; 0 is the mark of unmarked packets
   * @param size how many marks the range has, 1 to {@link #MAX_SIZE}
   * @return an allocator that has handed out nothing
   * @throws IllegalArgumentException if the range is empty, too large, or leaves 32 bits
   */
  public static MarkAllocator of(long first, int size) {
    NetworkArgument.range("first", first, 1, NetworkArgument.MAX_U32);
    NetworkArgument.range("size", size, 1, MAX_SIZE);
    NetworkArgument.range("first + size - 1", first + size - 1, first, NetworkArgument.MAX_U32);
    return new MarkAllocator(first, size);
  }

  /**
   * Returns the lowest mark of the range.
   *
   * @return 1 to 4294967295
   */
  public long first() {
    return first;
  }

  /**
   * Returns the highest mark of the range.
   *
   * @return {@link #first()} to 4294967295
   */
  public long last() {
    return first + size - 1;
  }

  /**
   * Returns whether a mark is in the range, handed out or not.
   *
   * @param mark a firewall mark
   * @return true if this allocator may hand it out
   */
  public boolean contains(long mark) {
    return mark >= first && mark <= last();
  }

  /**
   * Returns an owner's mark, a free one the first time.
   *
   * @param owner who uses it, for example {@code pool/asia}
   * @return a mark of the range
   * @throws IllegalStateException if every mark of the range is taken
   */
  public synchronized long allocate(String owner) {
    Objects.requireNonNull(owner, "owner");
    Long known = marks.get(owner);
    if (known != null) {
      return known;
    }
    int free = taken.nextClearBit(next);
    if (free >= size) {
      free = taken.nextClearBit(0);
    }
    if (free >= size) {
      throw new IllegalStateException(
          "no mark left for " + owner + ": all " + size + " of " + this + " are taken");
    }
    next = free + 1;
    taken.set(free);
    marks.put(owner, first + free);
    return first + free;
  }

  /**
   * Gives an owner a certain mark: the one that it had before a restart.
   *
   * @param owner who uses it
   * @param mark a mark of the range
   * @throws IllegalArgumentException if the mark is out of the range
   * @throws IllegalStateException if the mark is another's, or the owner has another mark
   */
  public synchronized void reserve(String owner, long mark) {
    Objects.requireNonNull(owner, "owner");
    NetworkArgument.range("mark", mark, first, last());
    Long known = marks.get(owner);
    if (known != null && known == mark) {
      return;
    }
    if (known != null) {
      throw new IllegalStateException(owner + " already has mark " + known + ", not " + mark);
    }
    int index = (int) (mark - first);
    if (taken.get(index)) {
      throw new IllegalStateException(
          "mark " + mark + " is taken, so " + owner + " cannot have it");
    }
    taken.set(index);
    marks.put(owner, mark);
  }

  /**
   * Takes a mark back. Call it when nothing in the kernel uses the mark any more.
   *
   * @param owner who used it; an unknown owner is ignored
   */
  public synchronized void release(String owner) {
    Long mark = marks.remove(Objects.requireNonNull(owner, "owner"));
    if (mark != null) {
      taken.clear((int) (mark - first));
    }
  }

  /**
   * Returns what is handed out.
   *
   * @return owner to mark, in the order of allocation; a copy
   */
  public synchronized Map<String, Long> allocated() {
    return new LinkedHashMap<>(marks);
  }

  /** Returns the range, such as {@code 0x1000-0x1fff}. */
  @Override
  public String toString() {
    return "0x" + Long.toHexString(first) + "-0x" + Long.toHexString(last());
  }
}
