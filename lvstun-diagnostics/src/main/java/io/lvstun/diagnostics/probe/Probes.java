// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import java.time.Duration;
import java.util.List;

/**
 * The probes, in the order they are to run: later ones build on what earlier ones noted.
 *
 * @since 0.1.0
 */
public final class Probes {

  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final Duration TRANSFER = Duration.ofSeconds(5);
  private static final Duration ECHO = Duration.ofMillis(1500);
  private static final Duration IDLE = Duration.ofSeconds(2);

  private Probes() {}

  /**
   * Returns all probes: connections and 64 kB from each vantage host ({@code PRB-001}, {@code
   * PRB-003}), echo requests through the tunnels from each director ({@code PRB-002}), and, if
   * connections failed, the counters of all hosts on the way ({@code PRB-004}).
   *
   * <p>They ask for nothing that changes anything: HTTP's GET of {@code /}, ICMP echo, and the
   * beginning of a TCP connection that is reset. A service that does not speak HTTP gets a request
   * that it cannot understand.
   *
   * @return the probes
   */
  public static List<Probe> all() {
    return List.of(
        new ConnectProbe(CONNECT, ANSWER),
        new TransferProbe(CONNECT, TRANSFER),
        new EchoProbe(ECHO, PacketSockets::provider),
        new LedgerProbe(CONNECT, IDLE));
  }
}
