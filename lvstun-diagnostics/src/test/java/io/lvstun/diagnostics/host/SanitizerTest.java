// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SanitizerTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\u001b[31mb",
        "a\u001b]0;title\u0007b",
        "a\u001b]8;;http://x\u001b\\b",
        "a\u001bcb",
        "a\u001bPq\u001b\\b",
        "a\rb"
      })
  void whatSteersATerminalIsTakenOut(String text) {
    assertThat(Sanitizer.clean(text)).isEqualTo("ab");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u0007", "\u009b", "\u007f", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028"})
  void whatHidesOrTurnsTextIsMadeVisible(String text) {
    assertThat(Sanitizer.clean("a" + text + "b")).isEqualTo("a\ufffdb");
  }

  @Test
  void linesTabsAndLettersOfTheWorldStay() {
    assertThat(Sanitizer.clean("a\tb\n中文 ü")).isEqualTo("a\tb\n中文 ü");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/etc/keepalived/keepalived.conf:   auth_pass 1111 | /etc/keepalived/keepalived.conf:  "
            + " auth_pass [redacted]",
        "# auth_pass 1111 | # auth_pass [redacted]",
        "password \"two words\" | password [redacted]",
        "/etc/NetworkManager/system-connections/x.nmconnection:psk=hush |"
            + " /etc/NetworkManager/system-connections/x.nmconnection:psk=[redacted]",
        "PrivateKey = aGVsbG8= | PrivateKey = [redacted]",
        "    password: hush | password: [redacted]",
        "key-mgmt=wpa-psk | key-mgmt=wpa-psk",
        "net.ipv4.tcp_keepalive_time = 60 | net.ipv4.tcp_keepalive_time = 60",
        "notify http://user:hush@host/x | notify http://user:[redacted]@host/x"
      })
  void secretsInConfigurationAreBlottedOut(String line, String expected) {
    assertThat(Sanitizer.redact(line, true).strip()).isEqualTo(expected);
  }

  @Test
  void privateKeysAreBlottedOutWhole() {
    String text =
        "a\n-----BEGIN RSA PRIVATE KEY-----\nx:AAAA\nx:BBBB\n-----END RSA PRIVATE KEY-----\nb";
    assertThat(Sanitizer.redact(text, true)).isEqualTo("a\n[redacted]\nb");
  }

  @Test
  void hostileLinesDoNotTakeLong() {
    String[] hostile = {
      "a.".repeat(2_000_000),
      "-".repeat(4_000_000),
      "secret".repeat(500_000),
      "a://".repeat(1_000_000),
      "\u001b]".repeat(1_000_000),
      "-----BEGIN PRIVATE KEY-----\n".repeat(100_000)
    };
    for (String text : hostile) {
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> assertThat(Sanitizer.redact(Sanitizer.clean(text), true)).isNotNull());
    }
  }
}
