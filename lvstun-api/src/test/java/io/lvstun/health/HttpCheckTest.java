// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HttpCheckTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void checkHasAtLeastOneExchange() {
    CheckPath path = CheckPath.direct();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HttpCheck.http(path, SECOND))
        .withMessage("number of exchanges must be 1 to 1000, not 0");
  }

  @Test
  void reportsNameTheFirstExchangeAndCountTheRest() {
    HttpExchange a = HttpExchange.get("/a");
    HttpCheck one = HttpCheck.http(CheckPath.direct(), SECOND, a);
    assertThat(one.describe()).isEqualTo("HTTP GET /a");
    HttpCheck three = HttpCheck.http(CheckPath.direct(), SECOND, a, a, HttpExchange.get("/b"));
    assertThat(three.tls(TlsSettings.any()).describe()).isEqualTo("HTTPS GET /a and 2 more");
  }

  @Test
  void tlsKeepsTheRest() {
    HttpCheck check = HttpCheck.http(CheckPath.direct(), SECOND, HttpExchange.get("/"));
    assertThat(check.tls(TlsSettings.any()).exchanges()).isEqualTo(check.exchanges());
    assertThat(check.tls(TlsSettings.any()))
        .isEqualTo(check.tls(TlsSettings.any()))
        .isNotEqualTo(check);
  }
}
