// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import io.lvstun.DriverOptions;
import io.lvstun.NetworkNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A network namespace of this machine, entered with {@code ip netns exec}. */
final class NamespaceHost implements Host {

  /** What {@code ip netns add} takes, without names that look like options. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.+:@-]{1,255}");

  /** How {@code ip netns exec} says that it did not come to the command. */
  private static final List<String> NOT_ENTERED =
      List.of(
          "Cannot open network namespace",
          "setting the network namespace",
          "mount of /sys failed",
          "exec of ");

  private final String name;

  NamespaceHost(String name) {
    if (!NAME.matcher(name).matches()
        || name.startsWith("-")
        || name.equals(".")
        || name.equals("..")) {
      throw new IllegalArgumentException(
          "namespace must be a name as of ip netns, not " + ForeignText.printable(name));
    }
    this.name = name;
  }

  @Override
  public String specification() {
    return "netns:" + name;
  }

  @Override
  public String label() {
    return name;
  }

  @Override
  public CommandResult run(HostCommand command) {
    List<String> arguments = new ArrayList<>(List.of("ip", "netns", "exec", name));
    arguments.addAll(command.arguments());
    CommandResult result = BoundedProcess.run(this, command, arguments, command.inputBytes());
    // "ip" itself ends with 1 or 255 when the namespace cannot be entered.
    if ((result.exitCode() == 1 || result.exitCode() == 255) && result.output().isEmpty()) {
      for (String sign : NOT_ENTERED) {
        if (result.errors().startsWith(sign)) {
          throw HostException.of(
              this,
              "run " + command.arguments().get(0),
              ForeignText.printable(result.errors().strip()),
              "ip netns list names the namespaces; entering one needs root.");
        }
      }
    }
    return result;
  }

  @Override
  public Optional<DriverOptions> driverOptions() {
    return Optional.of(
        new DriverOptions(
            Optional.of(NetworkNamespace.named(name)), DriverOptions.DEFAULT_DEADLINE));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NamespaceHost that && name.equals(that.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return specification();
  }
}
