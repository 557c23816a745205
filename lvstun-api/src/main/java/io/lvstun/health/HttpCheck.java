// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * HTTP or HTTPS requests: keepalived's {@code HTTP_GET} and {@code SSL_GET}. The time-out is a
 * total deadline: a server that sends a byte a second does not pass.
 *
 * @param path how its packets reach the server
 * @param timeout how long one run may take, 1 ms to a day
 * @param exchanges what is asked, one after the other, each over a connection of its own; 1 to 1000
 * @param onePerRun whether a run asks one of them in turn, as keepalived does, or all
 * @param version the protocol's version ({@code http_protocol})
 * @param tls how TLS is spoken; empty for HTTP without TLS
 * @param strictLength whether a body that is shorter than announced fails; keepalived only logs it
 * @since 0.1.0
 */
public record HttpCheck(
    CheckPath path,
    Duration timeout,
    List<HttpExchange> exchanges,
    boolean onePerRun,
    Version version,
    Optional<TlsSettings> tls,
    boolean strictLength)
    implements NetworkCheck {

  /**
   * A version of HTTP.
   *
   * @since 0.1.0
   */
  public enum Version {
    /** HTTP/1.0. */
    HTTP_1_0,
    /** HTTP/1.0 with {@code Connection: close}: keepalived's {@code 1.0C}. */
    HTTP_1_0_CLOSE,
    /** HTTP/1.1 with {@code Connection: close}. */
    HTTP_1_1
  }

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if the time-out or the number of exchanges is out of range
   */
  public HttpCheck {
    Objects.requireNonNull(exchanges, "exchanges");
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(path, "path");
    HealthArgument.time("timeout", timeout);
    exchanges = List.copyOf(exchanges);
    HealthArgument.of("number of exchanges", exchanges.size(), 1, 1000);
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(tls, "tls");
  }

  /**
   * Returns a check over HTTP/1.1 that asks everything in each run.
   *
   * @param path how its packets reach the server
   * @param timeout how long one run may take
   * @param exchanges what is asked
   * @return the check
   */
  public static HttpCheck http(CheckPath path, Duration timeout, HttpExchange... exchanges) {
    Objects.requireNonNull(exchanges, "exchanges");
    return new HttpCheck(
        path, timeout, List.of(exchanges), false, Version.HTTP_1_1, Optional.empty(), true);
  }

  /**
   * Returns a copy over TLS.
   *
   * @param settings how TLS is spoken
   * @return a copy
   */
  public HttpCheck tls(TlsSettings settings) {
    return new HttpCheck(
        path, timeout, exchanges, onePerRun, version, Optional.of(settings), strictLength);
  }

  @Override
  public String describe() {
    return (tls.isPresent() ? "HTTPS " : "HTTP ")
        + exchanges.get(0)
        + (exchanges.size() > 1 ? " and " + (exchanges.size() - 1) + " more" : "");
  }
}
