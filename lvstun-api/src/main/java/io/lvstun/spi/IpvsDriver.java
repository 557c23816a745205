// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import io.lvstun.Capability;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.state.Connection;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.ServiceState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads and writes the IPVS tables of one network namespace.
 *
 * <p>Drivers are thread-safe. Each request has a deadline, after which it fails with {@link
 * io.lvstun.TimeoutException}. Errors are of the same types for all drivers: see {@link
 * KernelError}. After {@link #close()} every method but {@link #name()}, {@link #missing()} and
 * {@link #close()} throws {@link IllegalStateException}. A thread that is interrupted while it
 * waits gets an {@link io.lvstun.LvsException} and keeps its interrupt status.
 *
 * @since 0.1.0
 */
public interface IpvsDriver extends AutoCloseable {

  /**
   * Returns the driver's name.
   *
   * @return for example {@code "netlink"}
   */
  String name();

  /**
   * Tells what the driver cannot do.
   *
   * @return each missing capability with the reason, a sentence that says what has it
   */
  Map<Capability, String> missing();

  /**
   * Carries out commands in order. A failure does not stop those that follow, and nothing is
   * undone.
   *
   * @param commands the commands
   * @return one outcome a command, in the same order; a command whose fate is not known has a
   *     {@link io.lvstun.TimeoutException} for outcome
   */
  List<Outcome> execute(List<Command> commands);

  /**
   * Reads every service with its real servers.
   *
   * @param consistency what the read promises while others write
   * @return the services, in the kernel's order
   * @throws io.lvstun.LvsException if they cannot be read
   */
  List<ServiceState> services(Consistency consistency);

  /**
   * Reads one service with its real servers, verified.
   *
   * @param key the service
   * @return empty if there is none
   * @throws io.lvstun.LvsException if it cannot be read
   */
  Optional<ServiceState> service(ServiceKey key);

  /**
   * Reads the connection time-outs.
   *
   * @return the time-outs
   * @throws io.lvstun.LvsException if they cannot be read
   */
  Timeouts timeouts();

  /**
   * Reads the sync daemons that run.
   *
   * @return none, one, or one of each role
   * @throws io.lvstun.LvsException if they cannot be read
   */
  List<SyncDaemon> syncDaemons();

  /**
   * Reads what IPVS says of itself.
   *
   * @return version and size of the connection table
   * @throws io.lvstun.LvsException if it cannot be read
   */
  IpvsInfo info();

  /**
   * Reads the connection table piece by piece, as the stream is consumed.
   *
   * @return a stream, which must be closed
   * @throws io.lvstun.LvsException if it cannot be read; the stream throws it too, while it is
   *     consumed
   */
  Stream<Connection> connections();

  /** Frees what the driver holds. A second call does nothing. */
  @Override
  void close();
}
