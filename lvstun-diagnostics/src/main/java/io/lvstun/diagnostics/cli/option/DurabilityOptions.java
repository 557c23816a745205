// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.diagnostics.repair.persist.NetworkConfiguration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Where what is to last over a reboot is written.
 *
 * @since 0.1.0
 */
public final class DurabilityOptions {

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--runtime-only",
      description = "Write no configuration files: all is gone with the next reboot.")
  private boolean runtimeOnly;

  @Option(
      names = "--root",
      paramLabel = "FOLDER",
      description =
          "Write configuration files below this folder of the host instead of /; {host} in it"
              + " becomes the host's name. A network namespace has its files in /etc/netns/NAME, if"
              + " that folder exists, and else none.")
  private @Nullable String rootFolder;

  @Option(
      names = "--network",
      paramLabel = "WHO",
      description =
          "Who configures the hosts' network at boot, where it cannot be told: systemd-networkd,"
              + " NetworkManager, ifupdown or network-scripts.")
  private @Nullable String network;

  /**
   * What the options come to.
   *
   * @throws ParameterException if they make no sense
   */
  public Durability durability() {
    if (runtimeOnly && (rootFolder != null || network != null)) {
      throw refused(
          "--runtime-only writes no files: it goes with neither --root nor --network", null);
    }
    Durability durability = runtimeOnly ? Durability.none() : Durability.ofHost();
    if (rootFolder != null) {
      try {
        durability = durability.root(rootFolder);
      } catch (IllegalArgumentException e) {
        throw refused("--" + e.getMessage(), e);
      }
    }
    return network == null ? durability : durability.network(configuration(network));
  }

  private NetworkConfiguration configuration(String name) {
    for (NetworkConfiguration one : NetworkConfiguration.values()) {
      if (one.toString().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
        return one;
      }
    }
    throw refused(
        "--network must be one of "
            + Arrays.stream(NetworkConfiguration.values())
                .map(NetworkConfiguration::toString)
                .collect(Collectors.joining(", ")),
        null);
  }

  private ParameterException refused(String message, @Nullable Throwable cause) {
    return new ParameterException(spec.commandLine(), message, cause);
  }
}
