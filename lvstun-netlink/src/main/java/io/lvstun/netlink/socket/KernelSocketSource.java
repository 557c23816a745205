// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import io.lvstun.spi.FilterInstruction;
import io.lvstun.spi.HeldNamespace;
import io.lvstun.spi.PacketSocket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Opens real sockets in a network namespace.
 *
 * <p>A thread belongs to one namespace, and a socket stays in the one it was opened in. For a
 * namespace other than the process's own, a new thread enters it, opens the socket, and ends: no
 * other thread of the JVM changes its namespace. It enters through a descriptor held for the life
 * of the source, so that everything it opens is in the same namespace, whatever its name comes to
 * refer to.
 */
public final class KernelSocketSource implements SocketSource {

  private final @Nullable HeldNamespace namespace;
  private final int receiveQueueBytes;
  private final Object lock = new Object();
  private boolean closed;

  /**
   * Makes a source.
   *
   * @param namespace a network namespace, which the source closes; null for the process's own
   * @param receiveQueueBytes SO_RCVBUF to ask for
   */
  public KernelSocketSource(@Nullable HeldNamespace namespace, int receiveQueueBytes) {
    this.namespace = namespace;
    this.receiveQueueBytes = receiveQueueBytes;
  }

  /**
   * Loads the native library, which each method needs.
   *
   * @throws LinkageError if it cannot be loaded
   */
  public static void load() {
    Libc.load();
  }

  /**
   * Enters the namespace and does nothing there, to find out whether it can be entered.
   *
   * @throws SystemCallException if it cannot
   */
  public void enter() {
    try {
      Boolean entered = inside(() -> true);
      assert entered;
    } catch (IOException e) {
      throw new AssertionError("entering reads no file", e);
    }
  }

  @Override
  public NetlinkSocket open(int protocol) {
    try {
      return inside(() -> new KernelSocket(protocol, receiveQueueBytes));
    } catch (IOException e) {
      throw new AssertionError("opening a socket reads no file", e);
    }
  }

  /**
   * Opens a socket that sees packets.
   *
   * @param filter the program that chooses them
   * @param kept bytes to keep of each
   * @return the socket
   * @throws SystemCallException if the system refuses, or the namespace cannot be entered
   */
  public PacketSocket openPacketSocket(List<FilterInstruction> filter, int kept) {
    try {
      return inside(() -> new KernelPacketSocket(filter, kept));
    } catch (IOException e) {
      throw new AssertionError("opening a socket reads no file", e);
    }
  }

  @Override
  public InputStream openProcNet(String name) throws IOException {
    // Not /proc/net, which is the main thread's; an open file keeps the namespace it was opened in.
    return inside(() -> Files.newInputStream(Path.of("/proc/thread-self/net", name)));
  }

  @Override
  public void requireCurrent(String operation, String target) {
    if (namespace != null) {
      namespace.requireCurrent(operation, target);
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (namespace != null) {
        namespace.close();
      }
    }
  }

  private <T> T inside(Callable<T> task) throws IOException {
    HeldNamespace held = namespace;
    if (held == null) {
      return result(new FutureTask<>(task), FutureTask::run);
    }
    return result(
        new FutureTask<>(
            () -> {
              enter(held);
              return task.call();
            }),
        future -> {
          Thread thread = new Thread(future, "lvstun-netns");
          thread.setDaemon(true);
          thread.start();
        });
  }

  private interface Starter {
    void start(FutureTask<?> task);
  }

  private static <T> T result(FutureTask<T> future, Starter starter) throws IOException {
    starter.start(future);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          // The thread only opens something, which does not block: wait on, so that it is not lost.
          interrupted = true;
        } catch (ExecutionException e) {
          Throwable cause = e.getCause();
          if (cause instanceof IOException failure) {
            throw failure;
          }
          if (cause instanceof RuntimeException failure) {
            throw failure;
          }
          if (cause instanceof Error failure) {
            throw failure;
          }
          throw new AssertionError(cause);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Moves the calling thread, which must not be used for anything else afterwards. */
  private void enter(HeldNamespace held) {
    // Not while the descriptor is being closed: its number may be another file's next.
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("the network namespace " + held + " is closed");
      }
      if (Libc.setns(held.descriptor(), Libc.CLONE_NEWNET) != 0) {
        throw new SystemCallException("setns", Libc.errno());
      }
    }
  }
}
