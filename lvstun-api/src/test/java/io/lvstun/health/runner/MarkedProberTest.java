// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.LvsException;
import io.lvstun.ServerKey;
import io.lvstun.health.CheckPath;
import io.lvstun.health.CheckResult;
import io.lvstun.health.CheckResult.Cause;
import io.lvstun.health.DnsCheck;
import io.lvstun.health.HealthCheck;
import io.lvstun.health.TcpCheck;
import io.lvstun.health.UdpCheck;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MarkedProberTest {

  private static final ServerKey SERVER = new ServerKey(InetAddress.getLoopbackAddress(), 53);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static CheckResult ask(HealthCheck check) throws Exception {
    try (CheckRunner runner = CheckRunner.start()) {
      CompletableFuture<CheckResult> result = new CompletableFuture<>();
      runner.ask(SERVER, check, result::complete);
      return result.get(30, TimeUnit.SECONDS);
    }
  }

  private static List<HealthCheck> datagrams(CheckPath path) {
    return List.of(
        UdpCheck.of(path, TIMEOUT, "00", "00"),
        new DnsCheck(path, TIMEOUT, DnsCheck.Type.A, "example.test", Optional.empty()));
  }

  /** The server has not failed: this host could not ask it. */
  @Test
  void datagramsThatMustBeMarkedOrBoundAreUndecided() throws Exception {
    for (CheckPath path : List.of(CheckPath.direct().mark(7), CheckPath.direct().device("eth0"))) {
      for (HealthCheck check : datagrams(path)) {
        CheckResult result = ask(check);

        assertThat(result.outcome()).as("%s", check).isEqualTo(CheckResult.Outcome.UNDECIDED);
        assertThat(result.detail()).contains("cannot carry a mark or be bound to a device");
      }
    }
  }

  @Test
  void connectionsWithAMarkAreUndecidedWithoutTheModuleThatOpensThem() throws Exception {
    CheckResult result = ask(new TcpCheck(CheckPath.direct().mark(7), TIMEOUT));

    assertThat(result.outcome()).isEqualTo(CheckResult.Outcome.UNDECIDED);
    assertThat(result.detail()).contains("lvstun-netlink");
  }

  @ParameterizedTest
  @CsvSource({
    "111, FAILED, REFUSED",
    "110, FAILED, TIMED_OUT",
    "11, FAILED, TIMED_OUT",
    "101, FAILED, UNREACHABLE",
    "113, FAILED, UNREACHABLE",
    "104, FAILED, CLOSED",
    "32, FAILED, CLOSED",
    "1, UNDECIDED, NONE",
    "24, UNDECIDED, NONE"
  })
  void errorsOfTheServerFailAndErrorsOfThisHostDecideNothing(
      int errno, CheckResult.Outcome outcome, Cause cause) {
    LvsException error =
        new LvsException(
            new LvsException.Failure("connect", "", "netlink", "x", OptionalInt.of(errno), ""));

    CheckResult result = MarkedProber.judge(error, Duration.ZERO);

    assertThat(result.outcome()).isEqualTo(outcome);
    if (outcome == CheckResult.Outcome.FAILED) {
      assertThat(result.cause()).isEqualTo(cause);
    }
  }
}
