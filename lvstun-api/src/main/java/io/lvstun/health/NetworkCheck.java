// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

/**
 * A check that sends packets to the server.
 *
 * @since 0.1.0
 */
public sealed interface NetworkCheck extends HealthCheck
    permits TcpCheck, HalfOpenCheck, HttpCheck, TlsCheck, UdpCheck, DnsCheck, SmtpCheck, PingCheck {

  /**
   * Returns how its packets reach the server.
   *
   * @return the path
   */
  CheckPath path();
}
