// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A network namespace, identified by its file. Each namespace has its own IPVS tables.
 *
 * @param path the file, such as {@code /run/netns/director} or {@code /proc/4711/ns/net}
 * @since 0.1.0
 */
public record NetworkNamespace(Path path) {

  /** Checks that there is a path. */
  public NetworkNamespace {
    Objects.requireNonNull(path, "path");
  }

  /**
   * Returns the namespace that {@code ip netns add NAME} made.
   *
   * @param name 1 to 255 characters without '/', not beginning with '-' or '.'
   * @return the namespace
   * @throws IllegalArgumentException if the name could not be one
   */
  public static NetworkNamespace named(String name) {
    ServiceArgument.name("network namespace", name, 255);
    if (name.startsWith("-") || name.startsWith(".")) {
      throw new IllegalArgumentException(
          "network namespace must not begin with '-' or '.', not \"" + name + '"');
    }
    return new NetworkNamespace(Path.of("/run/netns", name));
  }

  /**
   * Returns the namespace that a process is in.
   *
   * @param pid the process id, at least 1
   * @return the namespace
   * @throws IllegalArgumentException if the id is not positive
   */
  public static NetworkNamespace ofProcess(long pid) {
    ServiceArgument.range("process id", pid, 1, Integer.MAX_VALUE);
    return new NetworkNamespace(Path.of("/proc", Long.toString(pid), "ns", "net"));
  }

  /** Returns the file's path. */
  @Override
  public String toString() {
    return path.toString();
  }
}
