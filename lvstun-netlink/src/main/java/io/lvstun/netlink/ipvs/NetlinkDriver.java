// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.Capability;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.LvsException;
import io.lvstun.NamespaceChangedException;
import io.lvstun.RealServer;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.UnsupportedException;
import io.lvstun.netlink.socket.Deadline;
import io.lvstun.netlink.socket.NoAnswerException;
import io.lvstun.netlink.socket.RefusedException;
import io.lvstun.netlink.socket.SocketSource;
import io.lvstun.netlink.socket.SystemCallException;
import io.lvstun.spi.ConnectionTable;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.KernelError;
import io.lvstun.spi.KernelLimits;
import io.lvstun.spi.Outcome;
import io.lvstun.state.Connection;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.ServiceState;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reaches IPVS through generic netlink.
 *
 * <p>Thread-safe: each call has a socket of its own, taken from a small pool. See {@link Batch} for
 * how commands are sent, {@link TableReader} for how tables are read.
 */
public final class NetlinkDriver implements IpvsDriver {

  static final String NAME = "netlink";

  private final SocketSource source;
  private final Duration time;
  private final ChannelPool pool;
  private final TunnelSupport tunnels;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Cleaner.Cleanable cleanable;

  /**
   * Makes a driver, and proves by a request that it works.
   *
   * @param source opens its sockets; the driver closes it, once it is made
   * @param time how long to wait for the kernel, from when an answer is first missed
   * @param kernelRelease as from {@code uname -r}
   * @throws LvsException if it does not work
   */
  public NetlinkDriver(SocketSource source, Duration time, String kernelRelease) {
    this.source = source;
    this.time = time;
    AtomicInteger family = new AtomicInteger();
    // Not the field: what makes channels must not keep the driver from being collected.
    TunnelSupport known = new TunnelSupport(kernelRelease);
    tunnels = known;
    pool = new ChannelPool(() -> new Channel(source, time, family, known), source::close);
    cleanable = new ForgottenDriver(pool, closed).watch(this);
    try {
      info();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<Capability, String> missing() {
    return tunnels.missing();
  }

  // -- commands -----------------------------------------------------------------------------------

  @Override
  public List<Outcome> execute(List<Command> batch) {
    // A copy: what is checked is what is sent, whoever else has the list.
    List<Command> commands = List.copyOf(batch);
    requireOpen();
    if (commands.isEmpty()) {
      return List.of();
    }
    try {
      // The exception takes its target from each command: a text for nothing costs much.
      source.requireCurrent(commands.get(0).operation(), "");
    } catch (NamespaceChangedException e) {
      return commands.stream().map(command -> Outcome.failed(command, e.on(command))).toList();
    }
    Channel channel = pool.takeToWrite();
    try {
      Batch work = new Batch(channel, commands);
      refuseBeforeAsking(commands, work);
      return work.run();
    } catch (RuntimeException | Error e) {
      channel.replace();
      throw e;
    } finally {
      pool.giveBackWritten(channel);
    }
  }

  /**
   * Refuses what kernels take or not by their patch level, and tunnels that this kernel does not
   * know: it would make one of IP in IP and report success.
   */
  private void refuseBeforeAsking(List<Command> commands, Batch batch) {
    for (int i = 0; i < commands.size(); i++) {
      Command command = commands.get(i);
      Optional<LvsException> limit = KernelLimits.refusal(NAME, command);
      if (limit.isPresent()) {
        batch.refuse(i, limit.get());
        continue;
      }
      RealServer server =
          command instanceof Command.AddServer add
              ? add.server()
              : command instanceof Command.EditServer edit ? edit.server() : null;
      if (server != null && TunnelSupport.needs(server) && !tunnels.isThere()) {
        batch.refuse(
            i,
            new UnsupportedException(
                new LvsException.Failure(
                    command.operation(),
                    command.target(),
                    NAME,
                    TunnelSupport.REASON,
                    OptionalInt.empty(),
                    TunnelSupport.HINT)));
      }
    }
  }

  // -- reads --------------------------------------------------------------------------------------

  @Override
  public List<ServiceState> services(Consistency consistency) {
    return read("read services", "", channel -> new TableReader(channel).services(consistency));
  }

  @Override
  public Optional<ServiceState> service(ServiceKey key) {
    return read("read service", key.toString(), channel -> new TableReader(channel).service(key));
  }

  @Override
  public Timeouts timeouts() {
    return read("read timeouts", "", channel -> new TableReader(channel).timeouts());
  }

  @Override
  public List<SyncDaemon> syncDaemons() {
    return read("read sync daemons", "", channel -> new TableReader(channel).syncDaemons());
  }

  @Override
  public IpvsInfo info() {
    return read("read info", "", channel -> new TableReader(channel).info());
  }

  /** Carries a request out, again after what a repetition can heal, until the deadline. */
  private <T> T read(String operation, String target, Function<Channel, T> request) {
    requireOpen();
    source.requireCurrent(operation, target);
    Deadline deadline = Deadline.in(time);
    Channel channel = pool.take();
    try {
      while (true) {
        try {
          return request.apply(channel);
        } catch (RefusedException e) {
          if (deadline.passed() || !moduleLoadedAgain(channel, e)) {
            throw Failures.of(e, operation, target);
          }
        } catch (NoAnswerException e) {
          channel.replace();
          boolean hopeless =
              e.why() == NoAnswerException.Cause.INTERRUPTED
                  || e.why() == NoAnswerException.Cause.DEADLINE;
          if (hopeless || deadline.passed()) {
            throw Failures.of(e, operation, target);
          }
        } catch (SystemCallException e) {
          channel.replace();
          throw Failures.of(e, operation, target);
        }
      }
    } catch (RuntimeException | Error e) {
      channel.replace();
      throw e;
    } finally {
      pool.giveBack(channel);
    }
  }

  private static boolean moduleLoadedAgain(Channel channel, RefusedException refused) {
    if (refused.errno() != KernelError.ENOENT.number()) {
      return false;
    }
    try {
      return channel.familyChanged();
    } catch (RefusedException | NoAnswerException | SystemCallException e) {
      return false;
    }
  }

  @Override
  public Stream<Connection> connections() {
    requireOpen();
    String operation = "read connections";
    source.requireCurrent(operation, "");
    try {
      return ConnectionTable.read(source.openProcNet("ip_vs_conn"), NAME);
    } catch (NoSuchFileException | FileNotFoundException e) {
      // The module is loaded: the file is missing where /proc does not show the network's files.
      int errno = KernelError.ENOENT.number();
      throw KernelError.refused(NAME, operation, "", errno, errno, "/proc/net/ip_vs_conn");
    } catch (AccessDeniedException e) {
      int errno = KernelError.EACCES.number();
      throw KernelError.refused(NAME, operation, "", errno, errno, "/proc/net/ip_vs_conn");
    } catch (IOException e) {
      throw new LvsException(
          new LvsException.Failure(
              operation, "", NAME, String.valueOf(e.getMessage()), OptionalInt.empty(), ""),
          e);
    } catch (SystemCallException e) {
      throw Failures.of(e, operation, "");
    }
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the netlink driver is closed");
    }
  }

  /**
   * Refuses further calls, and waits for batches that are under way, each of which ends by its
   * deadline with all its outcomes. Reads that are under way go on; the last one lets the network
   * namespace go.
   */
  @Override
  public void close() {
    closed.set(true);
    // The second of two closes waits too, which the cleanable does not do.
    cleanable.clean();
    pool.close();
  }

  /** Returns the driver's name. */
  @Override
  public String toString() {
    return NAME;
  }
}
