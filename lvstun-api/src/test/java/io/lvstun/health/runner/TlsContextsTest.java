// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.health.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsContextsTest {

  @TempDir Path folder;

  private static TlsSettings client(Path certificate, Path key) {
    return new TlsSettings(
        TlsSettings.Trust.ANY,
        Optional.empty(),
        Optional.of(certificate),
        Optional.of(key),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  @Test
  void nameIsSentAndVerifiedAsAsked() throws Exception {
    TlsContexts contexts = new TlsContexts();
    SSLEngine verified = contexts.engine(TlsSettings.verified("www.example.com"), 443);
    assertThat(verified.getUseClientMode()).isTrue();
    assertThat(verified.getSSLParameters().getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
    assertThat(verified.getSSLParameters().getServerNames().toString()).contains("www.example.com");
    SSLEngine any = contexts.engine(TlsSettings.any(), 443);
    assertThat(any.getSSLParameters().getEndpointIdentificationAlgorithm()).isNull();
  }

  @Test
  void filesThatHoldNothingAreNamed() throws IOException {
    TlsContexts contexts = new TlsContexts();
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    assertThatExceptionOfType(GeneralSecurityException.class)
        .isThrownBy(() -> contexts.engine(TlsSettings.any().authority(empty), 443))
        .withMessage(empty + " holds no certificate");
    TlsSettings client = client(empty, empty);
    assertThatExceptionOfType(GeneralSecurityException.class)
        .isThrownBy(() -> contexts.engine(client, 443))
        .withMessage(empty + " holds no certificate");
    Path none = folder.resolve("none.pem");
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> contexts.engine(TlsSettings.any().authority(none), 443));
  }

  @Test
  void hugeFileIsNotRead() throws IOException {
    Path huge = Files.write(folder.resolve("huge.pem"), new byte[(1 << 20) + 1]);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new TlsContexts().engine(TlsSettings.any().authority(huge), 443))
        .withMessage(huge + " exceeds 1 MiB");
  }

  @Test
  void failureIsNotRemembered() throws Exception {
    TlsContexts contexts = new TlsContexts();
    TlsSettings settings = TlsSettings.any().authority(folder.resolve("late.pem"));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> contexts.engine(settings, 443));
    Files.writeString(folder.resolve("late.pem"), "garbage");
    assertThatExceptionOfType(GeneralSecurityException.class)
        .isThrownBy(() -> contexts.engine(settings, 443));
  }
}
