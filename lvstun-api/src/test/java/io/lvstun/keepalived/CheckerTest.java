// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckerTest {

  @Test
  void refusalsNameKeepalivedsKeyword() {
    assertThatThrownBy(
            () ->
                new Checker.Http(
                    false,
                    CheckConnection.DEFAULT,
                    CheckTimers.INHERITED,
                    Optional.of("2"),
                    false,
                    false,
                    List.of(CheckedUrl.of("/"))))
        .hasMessage("http_protocol must be 1.0, 1.0C or 1.1, not 2");
    assertThatThrownBy(
            () -> Checker.misc("/c").timers(t -> t.connectTimeout(Duration.ofSeconds(1))))
        .hasMessage("connect_timeout is none of a command's timers");
    assertThatThrownBy(() -> new Checker.WatchedFile("f", Optional.empty(), true))
        .hasMessage("reverse needs a multiplier");
    assertThatThrownBy(() -> udp("00", false, "00"))
        .hasMessage("a reply that is described must be required");
    assertThatThrownBy(() -> new Checker.Bfd("a b")).hasMessageContaining("name must be");
    assertThatThrownBy(
            () ->
                new Checker.Smtp(CheckConnection.DEFAULT, CheckTimers.INHERITED, Optional.of("{")))
        .hasMessageContaining("helo_name");
  }

  private static Checker.Udp udp(String payload, boolean required, String reply) {
    return new Checker.Udp(
        CheckConnection.DEFAULT,
        CheckTimers.INHERITED,
        Optional.of(payload),
        required,
        Optional.ofNullable(reply),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void bytesAreTwoDigitsEachAndOnlyRepliesHaveWildcards() {
    assertThat(udp("fF00", true, "0axX").reply()).contains("0axX");
    for (String bad : List.of("", "0", "0g", "xX", "٣٣", "00".repeat(251))) {
      assertThatThrownBy(() -> udp(bad, true, null))
          .hasMessageStartingWith(
              "payload must be an even number of hexadecimal digits, at most 500, whose last byte"
                  + " is");
    }
    assertThatThrownBy(() -> udp("00", true, "yy")).hasMessageStartingWith("require_reply must be");
  }

  @Test
  void rootIsANameForDnsOnly() {
    assertThat(dns(".").name()).contains(".");
    assertThatThrownBy(() -> dns("..")).hasMessageContaining("name must be");
    assertThatThrownBy(() -> VrrpInstance.of(".", "eth0", 1)).hasMessageContaining("vrrp_instance");
  }

  private static Checker.Dns dns(String name) {
    return new Checker.Dns(
        CheckConnection.DEFAULT, CheckTimers.INHERITED, Optional.empty(), Optional.of(name));
  }

  @Test
  void overTlsTheVirtualHostIsNamed() {
    assertThat(Checker.https("/a").sni()).isTrue();
    assertThat(Checker.https("/a").tls()).isTrue();
    assertThat(Checker.http("/a").tls()).isFalse();
    assertThat(Checker.http("/a").urls(List.of(CheckedUrl.of("/b"))).timers(t -> t.retry(1)))
        .isEqualTo(Checker.http("/b").timers(t -> t.retry(1)));
  }
}
