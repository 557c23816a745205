// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.health.CheckResult;
import io.lvstun.health.CheckResult.Cause;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkFailureTest {

  private static CheckResult result(Exception e) {
    return NetworkFailure.result(e, Duration.ZERO);
  }

  @Test
  void whatTheServerDoesIsItsFailure() {
    assertThat(result(new ConnectException("Connection refused")).cause()).isEqualTo(Cause.REFUSED);
    assertThat(result(new PortUnreachableException()).cause()).isEqualTo(Cause.REFUSED);
    assertThat(result(new NoRouteToHostException("No route to host")).cause())
        .isEqualTo(Cause.UNREACHABLE);
    assertThat(result(new SocketException("Network is unreachable")).cause())
        .isEqualTo(Cause.UNREACHABLE);
    assertThat(result(new ConnectException("Connection timed out")).cause())
        .isEqualTo(Cause.TIMED_OUT);
    assertThat(result(new IOException("Connection reset by peer")).cause()).isEqualTo(Cause.CLOSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Too many open files",
        "Permission denied",
        "Operation not permitted",
        "Cannot assign requested address",
        "Protocol family unavailable"
      })
  void whatThisHostLacksDecidesNothing(String message) {
    CheckResult result = result(new SocketException(message));
    assertThat(result.cause()).isNotIn(Cause.REFUSED, Cause.UNREACHABLE, Cause.CLOSED);
    assertThat(result.detail()).isEqualTo("this host cannot check: " + message);
    assertThat(result).isEqualTo(CheckResult.undecided(result.detail(), Duration.ZERO));
  }

  @Test
  void mistakesOfOursDecideNothing() {
    assertThat(result(new UnresolvedAddressException()).detail())
        .isEqualTo("this host cannot check: UnresolvedAddressException");
    assertThat(result(new BindException("Address already in use")).detail())
        .startsWith("this host cannot check");
  }

  @Test
  void exceptionWithoutAMessageIsNamed() {
    assertThat(result(new ClosedChannelException()).detail()).isEqualTo("ClosedChannelException");
  }
}
