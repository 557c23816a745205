// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.section;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.ForeignText;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {

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
    assertThat(Redaction.redact(line, true).strip()).isEqualTo(expected);
  }

  @Test
  void privateKeysAreBlottedOutWhole() {
    String text =
        "a\n-----BEGIN RSA PRIVATE KEY-----\nx:AAAA\nx:BBBB\n-----END RSA PRIVATE KEY-----\nb";
    assertThat(Redaction.redact(text, true)).isEqualTo("a\n[redacted]\nb");
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
          () -> assertThat(Redaction.redact(ForeignText.clean(text), true)).isNotNull());
    }
  }
}
