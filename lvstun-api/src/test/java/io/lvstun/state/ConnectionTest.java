// SPDX-License-Identifier: Apache-2.0
package io.lvstun.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.Protocol;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ConnectionTest {

  private static Connection connection(Duration expires) {
    return new Connection(
        Protocol.TCP,
        IpAddress.parse("2001:db8::9"),
        40000,
        IpAddress.parse("2001:db8::1"),
        80,
        IpAddress.parse("198.51.100.1"),
        80,
        "ESTABLISHED",
        expires,
        "sip",
        "call-1");
  }

  @Test
  void connectionIsALineOfIpvsadm() {
    assertThat(connection(Duration.ofSeconds(899)))
        .hasToString("TCP 14:59 ESTABLISHED [2001:db8::9]:40000 [2001:db8::1]:80 198.51.100.1:80");
    assertThat(connection(Duration.ofHours(3)).toString()).startsWith("TCP 180:00 ");
  }

  @Test
  void textDoesNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(connection(Duration.ofSeconds(61)).toString()).startsWith("TCP 01:01 ");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void partsOfASecondAreCutOff() {
    assertThat(connection(Duration.ofMillis(59_999)).toString()).startsWith("TCP 00:59 ");
    assertThat(connection(Duration.ZERO).toString()).startsWith("TCP 00:00 ");
  }

  @Test
  void everyPartCountsInEquality() {
    assertThat(connection(Duration.ofSeconds(1)))
        .isEqualTo(connection(Duration.ofSeconds(1)))
        .isNotEqualTo(connection(Duration.ofSeconds(2)));
  }
}
