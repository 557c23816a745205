// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.health.CheckResult;
import io.lvstun.health.CheckResult.Cause;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.time.Duration;
import java.util.Locale;

/** What an exception of a socket says: of the server, or of this host. */
final class NetworkFailure {

  private NetworkFailure() {}

  static CheckResult result(Exception e, Duration took) {
    String said = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    String message = said.toLowerCase(Locale.ROOT);
    if (e instanceof BindException
        || message.contains("too many open files")
        || message.contains("permission denied")
        || message.contains("operation not permitted")
        || message.contains("cannot assign requested address")
        || message.contains("protocol family unavailable")
        || !(e instanceof IOException)) {
      return CheckResult.undecided("this host cannot check: " + said, took);
    }
    if (e instanceof PortUnreachableException) {
      return CheckResult.failed(Cause.REFUSED, "port unreachable", took);
    }
    if (e instanceof ConnectException && message.contains("refused")) {
      return CheckResult.failed(Cause.REFUSED, "connection refused", took);
    }
    if (e instanceof NoRouteToHostException || message.contains("unreachable")) {
      return CheckResult.failed(Cause.UNREACHABLE, message, took);
    }
    if (message.contains("timed out")) {
      return CheckResult.failed(Cause.TIMED_OUT, "connection timed out", took);
    }
    return CheckResult.failed(Cause.CLOSED, e.getMessage() == null ? said : message, took);
  }
}
