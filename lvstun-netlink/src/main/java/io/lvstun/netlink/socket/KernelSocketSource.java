// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import io.lvstun.spi.FilterInstruction;
import io.lvstun.spi.PacketSocket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
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
 * <p>A namespace belongs to a thread, and a socket keeps the one it was made in. For a namespace
 * other than the process's own, a thread is started that enters it, opens what is wanted, and ends:
 * no other thread of the JVM is ever moved.
 */
public final class KernelSocketSource implements SocketSource {

  private final @Nullable Path namespace;
  private final int receiveQueueBytes;

  /**
   * Makes a source.
   *
   * @param namespace a file that stands for a network namespace; null for the process's own
   * @param receiveQueueBytes SO_RCVBUF to ask for
   */
  public KernelSocketSource(@Nullable Path namespace, int receiveQueueBytes) {
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

  private <T> T inside(Callable<T> task) throws IOException {
    if (namespace == null) {
      return result(new FutureTask<>(task), FutureTask::run);
    }
    return result(
        new FutureTask<>(
            () -> {
              enter(namespace);
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
  private static void enter(Path namespace) {
    ByteBuffer path = Libc.text(namespace.toString());
    int fd = Libc.open(Libc.address(path), Libc.O_RDONLY | Libc.O_CLOEXEC);
    if (fd < 0) {
      throw new SystemCallException("open", Libc.errno());
    }
    try {
      if (Libc.setns(fd, Libc.CLONE_NEWNET) != 0) {
        throw new SystemCallException("setns", Libc.errno());
      }
    } finally {
      Libc.close(fd);
    }
  }
}
