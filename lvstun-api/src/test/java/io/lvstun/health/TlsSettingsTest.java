// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TlsSettingsTest {

  @Test
  void nameIsVerifiedOnlyWithTrust() {
    Optional<Path> none = Optional.empty();
    Optional<String> name = Optional.of("www.example.com");
    Optional<String> noText = Optional.empty();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new TlsSettings(TlsSettings.Trust.ANY, none, none, none, noText, name, true))
        .withMessageContaining("trust other than ANY");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new TlsSettings(TlsSettings.Trust.SYSTEM, none, none, none, noText, noText, true));
    assertThat(TlsSettings.verified("www.example.com").verifyName()).isTrue();
  }

  @Test
  void filesBelongTogether() {
    Optional<Path> none = Optional.empty();
    Optional<Path> file = Optional.of(Path.of("/f"));
    Optional<String> noText = Optional.empty();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new TlsSettings(
                    TlsSettings.Trust.AUTHORITY, none, none, none, noText, noText, false));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new TlsSettings(TlsSettings.Trust.ANY, file, none, none, noText, noText, false));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new TlsSettings(TlsSettings.Trust.ANY, none, file, none, noText, noText, false))
        .withMessage("certificate and key must be given together");
  }

  @Test
  void passwordIsNeverShown() {
    Optional<Path> file = Optional.of(Path.of("/f"));
    TlsSettings settings =
        new TlsSettings(
            TlsSettings.Trust.ANY,
            Optional.empty(),
            file,
            file,
            Optional.of("secret"),
            Optional.empty(),
            false);
    assertThat(settings).hasToString("TLS trust ANY as /f");
  }

  @Test
  void authorityReplacesTheTrust() {
    assertThat(TlsSettings.verified("www.example.com").authority(Path.of("/ca")))
        .hasToString("TLS trust AUTHORITY /ca for www.example.com");
  }
}
