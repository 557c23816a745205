// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.SyncDaemon;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonOptionsTest {

  private static SyncDaemon read(String... words) {
    Map<Option, Token> given = new EnumMap<>(Option.class);
    for (String word : words) {
      String[] parts = word.split("=", 2);
      Option option = Option.named(parts[0]);
      assertThat(option).as(parts[0]).isNotNull();
      given.put(option, new Token(1, 1, parts[1]));
    }
    return new DaemonOptions(given).daemon(SyncDaemon.Role.MASTER);
  }

  @Test
  void defaultsAreTheKernels() {
    assertThat(read()).isEqualTo(SyncDaemon.master("eth0"));
  }

  @Test
  void boundsAreTaken() {
    assertThat(
            read(
                "mcast-interface=0123456789abcde",
                "syncid=255",
                "sync-maxlen=65507",
                "mcast-port=65535",
                "mcast-ttl=255",
                "mcast-group=ff02::1"))
        .isEqualTo(
            SyncDaemon.master("0123456789abcde")
                .syncId(255)
                .maxLength(65507)
                .port(65535)
                .ttl(255)
                .group("ff02::1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "syncid=256",
        "syncid=-1",
        "sync-maxlen=0",
        "sync-maxlen=65508",
        "mcast-port=0",
        "mcast-port=65536",
        "mcast-ttl=0",
        "mcast-ttl=256",
        "mcast-group=192.0.2.1",
        "mcast-group=all-hosts",
        "mcast-interface=0123456789abcdef",
        "mcast-interface=\"eth0\"",
        "mcast-ttl=",
        "mcast-interface="
      })
  void whatTheKernelDoesNotTakeIsAnError(String word) {
    assertThatExceptionOfType(RulesSyntaxException.class).isThrownBy(() -> read(word));
  }
}
