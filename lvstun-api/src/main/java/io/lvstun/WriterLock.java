// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets the writers of one network namespace take turns: a lock on a file, which the kernel takes
 * away from a process that dies. It binds those who ask for it, and nobody else.
 *
 * <p>The file's name is made of device and inode of the namespace, which are its identity, so that
 * all names of a namespace mean the same lock.
 */
final class WriterLock {

  private static final Path OWN_NAMESPACE = Path.of("/proc/self/ns/net");
  private static final long SHORTEST_PAUSE_MILLIS = 1;
  private static final long LONGEST_PAUSE_MILLIS = 20;
  private static final int LONGEST_HOLDER = 64;

  /** The locks of this process: a file lock belongs to the process, not to a thread. */
  private static final Map<Path, Shared> SHARED = new ConcurrentHashMap<>();

  private static final class Shared {
    private final ReentrantLock threads = new ReentrantLock();
    private @Nullable FileChannel channel;
    private @Nullable FileLock lock;
  }

  private final Path file;
  private final Shared shared;

  private WriterLock(Path file) {
    this.file = file;
    shared = SHARED.computeIfAbsent(file, absent -> new Shared());
  }

  /**
   * Names the lock of a namespace.
   *
   * @param folder where its file is, made if it is not there
   * @param options of the director
   */
  static WriterLock in(Path folder, DriverOptions options) {
    Path namespace = options.namespace().map(NetworkNamespace::path).orElse(OWN_NAMESPACE);
    try {
      Object device = Files.getAttribute(namespace, "unix:dev");
      Object inode = Files.getAttribute(namespace, "unix:ino");
      Files.createDirectories(folder);
      return on(folder.toRealPath().resolve("ipvs-" + device + '-' + inode + ".lock"));
    } catch (IOException | UnsupportedOperationException e) {
      throw failure("open the writer lock of", namespace.toString(), e.toString(), e);
    }
  }

  /** Uses a file of the caller's. */
  static WriterLock on(Path file) {
    return new WriterLock(file);
  }

  /** Takes the lock; the thread that has it may take it again. */
  void acquire(Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    boolean taken = false;
    try {
      if (!shared.threads.tryLock(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
        throw late(deadline, "this process");
      }
      if (shared.lock != null) {
        taken = true;
        return;
      }
      FileChannel channel = open();
      try {
        shared.lock = await(channel, deadline, end);
        shared.channel = channel;
        taken = true;
      } finally {
        if (!taken) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw failure("take the writer lock", file.toString(), e.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("take the writer lock", file.toString(), "interrupted while waiting", e);
    } finally {
      if (!taken && shared.threads.isHeldByCurrentThread()) {
        shared.threads.unlock();
      }
    }
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(
        file,
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS));
  }

  private FileLock await(FileChannel channel, Duration deadline, long end)
      throws IOException, InterruptedException {
    long pause = SHORTEST_PAUSE_MILLIS;
    for (FileLock lock = channel.tryLock(); ; lock = channel.tryLock()) {
      if (lock != null) {
        channel.truncate(0);
        String holder = "process " + ProcessHandle.current().pid();
        int unused = channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.US_ASCII)), 0);
        return lock;
      }
      if (System.nanoTime() - end >= 0) {
        throw late(deadline, holder(channel));
      }
      Thread.sleep(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(LONGEST_HOLDER);
    int unused = channel.read(text, 0);
    String holder = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
    return holder.matches("process \\d+") ? holder : "another process";
  }

  /** Gives the lock back, as often as it was taken. */
  void release() {
    try {
      if (shared.threads.getHoldCount() == 1) {
        FileChannel channel = shared.channel;
        shared.lock = null;
        shared.channel = null;
        if (channel != null) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw failure("give the writer lock back", file.toString(), e.toString(), e);
    } finally {
      shared.threads.unlock();
    }
  }

  private TimeoutException late(Duration deadline, String holder) {
    return new TimeoutException(
        new LvsException.Failure(
            "take the writer lock",
            file.toString(),
            "lock",
            holder + " held it for " + deadline.toMillis() + " ms; nothing was written",
            OptionalInt.empty(),
            "Try again, or raise the deadline"));
  }

  private static LvsException failure(
      String operation, String target, String reason, Exception cause) {
    return new LvsException(
        new LvsException.Failure(
            operation,
            target,
            "lock",
            reason,
            OptionalInt.empty(),
            "The folder must be writable, on a local file system"),
        cause);
  }

  /** Returns the file's path. */
  @Override
  public String toString() {
    return file.toString();
  }
}
