// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import io.lvstun.diagnostics.cli.terminal.DurationText;
import io.lvstun.host.Host;
import io.lvstun.host.SshOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How hosts are reached through OpenSSH, in place of what the user's own configuration says.
 *
 * @since 0.1.0
 */
public final class SshFlags {

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--ssh-config",
      paramLabel = "FILE",
      description = "OpenSSH configuration in place of the user's own.")
  private @Nullable Path configuration;

  @Option(names = "--ssh-identity", paramLabel = "FILE", description = "Private key for OpenSSH.")
  private @Nullable Path identity;

  @Option(
      names = "--connect-timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = DurationText.class,
      description = "How long connecting may take, 1s to 10m (default: ${DEFAULT-VALUE}).")
  private Duration connectTimeout = Duration.ofSeconds(10);

  /** The options for {@link Host#parse(String, SshOptions)}. */
  SshOptions options() {
    try {
      SshOptions options = SshOptions.DEFAULTS.connectTimeout(connectTimeout);
      if (configuration != null) {
        options = options.configuration(configuration);
      }
      return identity == null ? options : options.identity(identity);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + kebab(e.getMessage()), e);
    }
  }

  /** Reads a host of an option. */
  public Host host(String option, String text) {
    try {
      return Host.parse(text, options());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
    }
  }

  private static String kebab(@Nullable String message) {
    return String.valueOf(message).replaceFirst("^connectTimeout", "connect-timeout");
  }
}
