// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import io.lvstun.DriverOptions;
import io.lvstun.ForeignText;
import io.lvstun.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace of this machine, entered with {@code ip netns exec}. It stays the one that
 * the first command found: a name that was made anew since then is refused, as long as this host
 * lives.
 */
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

  private static final Path FOLDER = Path.of("/run/netns");

  private final String name;

  /** What the name stood for at the first command. */
  private final AtomicReference<@Nullable Identity> first = new AtomicReference<>();

  /**
   * Which namespace a name stands for. The kernel gives inode numbers of deleted namespaces to new
   * ones, but the inode of a mounted one keeps the time at which it was made.
   */
  private record Identity(Object device, Object inode, Object made) {

    /** Null if there is no such namespace, or the system does not tell. */
    static @Nullable Identity of(Path path) {
      try {
        Map<String, Object> seen = Files.readAttributes(path, "unix:dev,ino,ctime");
        return new Identity(
            seen.getOrDefault("dev", ""),
            seen.getOrDefault("ino", ""),
            seen.getOrDefault("ctime", ""));
      } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
        return null;
      }
    }
  }

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
    requireSame(command, "Nothing was run");
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
              "ip netns list shows the namespaces; entering one needs root.");
        }
      }
    }
    requireSame(command, "The command ran in one of the two");
    return result;
  }

  /** Refuses a name that stands for another namespace than at first; {@code ip} tells of none. */
  private void requireSame(HostCommand command, String effect) {
    Identity now = Identity.of(FOLDER.resolve(name));
    if (now == null || first.compareAndSet(null, now)) {
      return;
    }
    if (!now.equals(first.get())) {
      throw HostException.of(
          this,
          "run " + command.arguments().get(0),
          "the network namespace " + name + " was deleted, and a new one created under this name",
          effect + ". Create a new Host to continue in the new one");
    }
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
