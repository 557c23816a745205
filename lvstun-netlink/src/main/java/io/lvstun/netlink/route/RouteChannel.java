// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static io.lvstun.netlink.message.Netlink.NLM_F_ACK;
import static io.lvstun.netlink.message.Netlink.NLM_F_DUMP;
import static io.lvstun.netlink.message.Netlink.NLM_F_REQUEST;

import io.lvstun.LvsException;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.socket.Deadline;
import io.lvstun.netlink.socket.Exchange;
import io.lvstun.netlink.socket.NetlinkSession;
import io.lvstun.netlink.socket.NoAnswerException;
import io.lvstun.netlink.socket.RefusedException;
import io.lvstun.netlink.socket.SocketSource;
import io.lvstun.netlink.socket.SystemCallException;
import io.lvstun.spi.NetworkSubject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries requests out, one after the other, on one socket, which is replaced after anything but a
 * complete answer. Thread-safe: waiting for another thread's request counts towards the deadline.
 */
final class RouteChannel implements AutoCloseable {

  private static final int EBUSY = 16;

  /** Requests are short. */
  private static final int REQUEST_BYTES = 4 * 1024;

  private final SocketSource source;
  private final int protocol;
  private final Duration time;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable NetlinkSession session;
  private boolean closed;

  /** What is done, on what: the words of errors. */
  record Task(NetworkSubject subject, String operation, String target) {}

  /** Writes one request. */
  interface Request {

    /**
     * Writes a whole message.
     *
     * @param session the session, whose writer is empty
     * @param flags {@code NLM_F_*} that the message must have
     * @param deadline until when to wait if it must ask something itself first
     * @return the message's sequence number
     */
    int write(NetlinkSession session, int flags, Deadline deadline);
  }

  /**
   * Makes a channel.
   *
   * @param source opens its sockets
   * @param protocol {@link SocketSource#ROUTE} or {@link SocketSource#GENERIC}
   * @param time how long a request may take
   */
  RouteChannel(SocketSource source, int protocol, Duration time) {
    this.source = source;
    this.protocol = protocol;
    this.time = time;
  }

  /**
   * Reads one thing.
   *
   * @return what the decoder made of the answer's messages, where it made something
   */
  <T> List<T> ask(Task task, Request request, Function<MessageReader, @Nullable T> decoder) {
    return read(task, NLM_F_REQUEST | NLM_F_ACK, request, decoder);
  }

  /** Reads all things of a kind, again if they changed meanwhile. */
  <T> List<T> dump(Task task, Request request, Function<MessageReader, @Nullable T> decoder) {
    return read(task, NLM_F_REQUEST | NLM_F_DUMP, request, decoder);
  }

  private <T> List<T> read(
      Task task, int flags, Request request, Function<MessageReader, @Nullable T> decoder) {
    Deadline deadline = acquire(task);
    try {
      while (true) {
        try {
          List<T> found = new ArrayList<>();
          exchange(
              request,
              flags,
              deadline,
              message -> {
                T one = decoder.apply(message);
                if (one != null) {
                  found.add(one);
                }
              });
          return List.copyOf(found);
        } catch (NoAnswerException e) {
          replace();
          boolean hopeless =
              e.why() == NoAnswerException.Cause.INTERRUPTED
                  || e.why() == NoAnswerException.Cause.DEADLINE;
          if (hopeless || deadline.passed()) {
            throw RouteFailures.unanswered(task, e.why(), "Nothing was changed: try again");
          }
        }
      }
    } catch (RefusedException e) {
      throw RouteFailures.refused(task, e.errno(), e.text());
    } catch (SystemCallException e) {
      replace();
      throw RouteFailures.failed(task, e);
    } catch (LvsException e) {
      replace();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Changes something.
   *
   * @param flags {@code NLM_F_CREATE} and the like
   * @param done looks whether the state is as the change wants it, for when the answer is missing
   */
  void change(Task task, int flags, Request request, BooleanSupplier done) {
    Deadline deadline = acquire(task);
    try {
      exchange(request, NLM_F_REQUEST | NLM_F_ACK | flags, deadline, message -> {});
    } catch (RefusedException e) {
      throw RouteFailures.refused(task, e.errno(), e.text());
    } catch (SystemCallException e) {
      replace();
      throw RouteFailures.failed(task, e);
    } catch (NoAnswerException e) {
      replace();
      if (e.why() == NoAnswerException.Cause.BUSY) {
        // Not the socket, as for a dump, but what was to be changed.
        throw RouteFailures.refused(task, EBUSY, "");
      }
      if (e.why() == NoAnswerException.Cause.INTERRUPTED) {
        throw RouteFailures.unanswered(task, e.why(), "Whether it was done is not known");
      }
      if (!found(task, e.why(), done)) {
        throw RouteFailures.unanswered(
            task, e.why(), "The state read afterwards shows that it was not carried out");
      }
    } catch (LvsException e) {
      replace();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private static boolean found(Task task, NoAnswerException.Cause why, BooleanSupplier done) {
    try {
      return done.getAsBoolean();
    } catch (LvsException e) {
      throw RouteFailures.unanswered(
          task,
          why,
          "Whether it was done is not known: the state could not be read afterwards either: "
              + e.reason());
    }
  }

  private void exchange(Request request, int flags, Deadline deadline, Exchange.Sink sink) {
    NetlinkSession open = session;
    if (open == null) {
      open = new NetlinkSession(source.open(protocol), REQUEST_BYTES, NetlinkSession.LARGE);
      session = open;
    }
    int sequence = request.write(open, flags, deadline);
    Exchange.request(open, sequence, deadline, sink);
  }

  /** Takes the lock, which the caller must give back. */
  private Deadline acquire(Task task) {
    source.requireCurrent(task.operation(), task.target());
    Deadline deadline = Deadline.in(time);
    boolean taken;
    try {
      taken = lock.tryLock(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RouteFailures.unanswered(
          task, NoAnswerException.Cause.INTERRUPTED, "It was not started");
    }
    if (!taken) {
      throw RouteFailures.unanswered(
          task,
          NoAnswerException.Cause.BUSY,
          "It was not started: another thread's request takes too long");
    }
    if (closed) {
      lock.unlock();
      throw new IllegalStateException("the host's network is closed");
    }
    return deadline;
  }

  private void replace() {
    NetlinkSession open = session;
    session = null;
    if (open != null) {
      open.close();
    }
  }

  /** Closes the socket after the request under way. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      replace();
    } finally {
      lock.unlock();
    }
  }
}
