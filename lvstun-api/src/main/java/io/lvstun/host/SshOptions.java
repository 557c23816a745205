// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What differs from the user's own OpenSSH configuration.
 *
 * @param configuration configuration file, {@code ssh -F}; empty for the user's
 * @param identity private key, {@code ssh -i}; empty for the configured ones
 * @param connectTimeout how long connecting may take, 1 second to 10 minutes; 10 seconds by default
 * @since 0.1.0
 */
public record SshOptions(
    Optional<Path> configuration, Optional<Path> identity, Duration connectTimeout) {

  /** The user's own configuration, 10 seconds to connect. */
  public static final SshOptions DEFAULTS =
      new SshOptions(Optional.empty(), Optional.empty(), Duration.ofSeconds(10));

  /**
   * Checks the options.
   *
   * @throws IllegalArgumentException if the time-out is out of range
   */
  public SshOptions {
    Objects.requireNonNull(configuration, "configuration");
    Objects.requireNonNull(identity, "identity");
    if (connectTimeout.compareTo(Duration.ofSeconds(1)) < 0
        || connectTimeout.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException(
          "connectTimeout must be 1 s to 10 min, not " + connectTimeout);
    }
  }

  /**
   * Returns a copy with another configuration file.
   *
   * @param file the file
   * @return the copy
   */
  public SshOptions configuration(Path file) {
    return new SshOptions(Optional.of(file.toAbsolutePath()), identity, connectTimeout);
  }

  /**
   * Returns a copy with a private key.
   *
   * @param file the key's file
   * @return the copy
   */
  public SshOptions identity(Path file) {
    return new SshOptions(configuration, Optional.of(file.toAbsolutePath()), connectTimeout);
  }

  /**
   * Returns a copy with another time-out.
   *
   * @param timeout how long connecting may take
   * @return the copy
   * @throws IllegalArgumentException if it is out of range
   */
  public SshOptions connectTimeout(Duration timeout) {
    return new SshOptions(configuration, identity, timeout);
  }
}
