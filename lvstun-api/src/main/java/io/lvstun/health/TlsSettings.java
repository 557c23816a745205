// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How a check speaks TLS.
 *
 * @param trust which certificates are accepted
 * @param authority file with the certificates of authorities, PEM ({@code ca}); needed by {@link
 *     Trust#AUTHORITY}
 * @param certificate file with this client's certificate chain, PEM ({@code certificate}); empty
 *     for none
 * @param key file with this client's private key, PEM with PKCS #8 ({@code key}); empty for none
 * @param password password of the key ({@code password}); empty for none. It is not printed
 * @param serverName name that is sent to the server (SNI: {@code enable_sni}, {@code sni_name});
 *     empty for none
 * @param verifyName whether the certificate must be for the server name
 * @since 0.1.0
 */
public record TlsSettings(
    Trust trust,
    Optional<Path> authority,
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<String> password,
    Optional<String> serverName,
    boolean verifyName) {

  /**
   * Which certificates are accepted.
   *
   * @since 0.1.0
   */
  public enum Trust {
    /** Any, as keepalived does without {@code ca}: a check of the service, not of its identity. */
    ANY,
    /** Those that the JVM trusts. */
    SYSTEM,
    /** Those signed by the authorities of a file. */
    AUTHORITY
  }

  /**
   * Checks that the settings fit together.
   *
   * @throws IllegalArgumentException if they do not
   */
  public TlsSettings {
    Objects.requireNonNull(trust, "trust");
    Objects.requireNonNull(password, "password");
    if ((trust == Trust.AUTHORITY) != authority.isPresent()) {
      throw new IllegalArgumentException("a file of authorities belongs to Trust.AUTHORITY alone");
    }
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException("certificate and key must be given together");
    }
    if (verifyName && (serverName.isEmpty() || trust == Trust.ANY)) {
      throw new IllegalArgumentException(
          "verifying the name needs a server name, and trust other than ANY");
    }
    serverName.ifPresent(name -> HealthArgument.line("server name", name, 253));
  }

  /**
   * Returns settings that accept any certificate and send no server name.
   *
   * @return the settings
   */
  public static TlsSettings any() {
    return new TlsSettings(
        Trust.ANY,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /**
   * Returns settings that accept what the JVM trusts, for a name.
   *
   * @param serverName the name, which is sent and verified
   * @return the settings
   */
  public static TlsSettings verified(String serverName) {
    Objects.requireNonNull(serverName, "serverName");
    return new TlsSettings(
        Trust.SYSTEM,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(serverName),
        true);
  }

  /**
   * Returns a copy that sends a server name.
   *
   * @param name the name
   * @return a copy
   */
  public TlsSettings serverName(String name) {
    Objects.requireNonNull(name, "name");
    return new TlsSettings(
        trust, authority, certificate, key, password, Optional.of(name), verifyName);
  }

  /**
   * Returns a copy that accepts certificates of the authorities of a file.
   *
   * @param file PEM
   * @return a copy
   */
  public TlsSettings authority(Path file) {
    Objects.requireNonNull(file, "file");
    return new TlsSettings(
        Trust.AUTHORITY, Optional.of(file), certificate, key, password, serverName, verifyName);
  }

  /** Returns the settings without the password. */
  @Override
  public String toString() {
    return "TLS trust "
        + trust
        + authority.map(file -> " " + file).orElse("")
        + serverName.map(name -> " for " + name).orElse("")
        + certificate.map(file -> " as " + file).orElse("");
  }
}
