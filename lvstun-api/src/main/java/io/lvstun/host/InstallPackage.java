// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Installs a package with {@code apt-get}, {@code dnf} or {@code yum}, whichever the host has.
 * Undoing removes it with {@code dpkg} or {@code rpm}, which refuse what other packages need; what
 * came along with it stays.
 *
 * @param name the package's name on that host's distribution, for example {@code keepalived}
 * @since 0.1.0
 */
public record InstallPackage(String name) implements HostChange {

  private static final Duration DEADLINE = Duration.ofMinutes(10);

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if no package can have it
   */
  public InstallPackage {
    Objects.requireNonNull(name, "name");
    Names.require("name", name, "[A-Za-z0-9][A-Za-z0-9+._-]{0,127}");
  }

  /** As on Debian. */
  @Override
  public List<String> command() {
    return List.of("apt-get", "install", "--no-install-recommends", name);
  }

  /** What a package brings may start at once, and restart others. */
  @Override
  public Risk risk() {
    return Risk.DISRUPTIVE;
  }

  @Override
  public String text() {
    return "install the package " + name;
  }

  @Override
  public List<String> query() {
    return List.of("package", name, "", "");
  }

  @Override
  public String wanted(String current) {
    Objects.requireNonNull(current, "current");
    return PRESENT;
  }

  @Override
  public List<String> operation(String current, String target) {
    Objects.requireNonNull(current, "current");
    Objects.requireNonNull(target, "target");
    return List.of("package", name, target);
  }

  @Override
  public Duration deadline() {
    return DEADLINE;
  }
}
