// SPDX-License-Identifier: Apache-2.0
package io.lvstun.state;

import io.lvstun.IpAddress;
import io.lvstun.Protocol;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * An entry of the connection table, from {@code /proc/net/ip_vs_conn}.
 *
 * @param protocol the transport protocol; number 0 (IP) for templates of firewall-mark services
 * @param client the client's address
 * @param clientPort the client's port, 0 for persistence templates
 * @param virtual the virtual address
 * @param virtualPort the virtual port
 * @param server the real server's address
 * @param serverPort the real server's port
 * @param state the kernel's name of the state, for example {@code ESTABLISHED}; {@code NONE} for
 *     persistence templates
 * @param expires until it is dropped, whole seconds
 * @param engine name of the persistence engine, empty if none
 * @param engineData what the engine recognised, for example a SIP Call-ID; empty if none
 * @since 0.1.0
 */
public record Connection(
    Protocol protocol,
    InetAddress client,
    int clientPort,
    InetAddress virtual,
    int virtualPort,
    InetAddress server,
    int serverPort,
    String state,
    Duration expires,
    String engine,
    String engineData) {
  /** Checks that nothing is missing. */
  public Connection {
    Objects.requireNonNull(virtual, "virtual");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(expires, "expires");
    Objects.requireNonNull(engineData, "engineData");
    Objects.requireNonNull(engine, "engine");
    Objects.requireNonNull(client, "client");
  }

  /**
   * Returns the columns of {@code ipvsadm -Lnc}: protocol, expiry, state, source, virtual, server.
   */
  @Override
  public String toString() {
    long seconds = expires.getSeconds();
    return String.format(
        Locale.ROOT,
        "%s %02d:%02d %s %s %s %s",
        protocol,
        seconds / 60,
        seconds % 60,
        state,
        IpAddress.format(client, clientPort),
        IpAddress.format(virtual, virtualPort),
        IpAddress.format(server, serverPort));
  }
}
