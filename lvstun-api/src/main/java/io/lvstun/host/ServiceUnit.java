// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Enables a service of systemd, so that it starts at boot, and starts it now. Undoing brings back
 * both as they were.
 *
 * <p>The state is two words: what {@code systemctl is-enabled} and {@code systemctl is-active} say;
 * {@code -} in place of the second where systemd is not running. A unit that is masked or linked is
 * left alone, and one that cannot be enabled ({@code static}) is started only. On hosts without
 * {@code systemctl}, and in network namespaces, which have no services of their own, the state
 * cannot be read, and applying the change fails with that reason.
 *
 * @param name the unit with its suffix, for example {@code keepalived.service}
 * @param root absolute path of a system that does not run, for example an image; empty for the
 *     running one
 * @param started whether it runs now; if false, that is left as it is
 * @since 0.1.0
 */
public record ServiceUnit(String name, String root, boolean started) implements HostChange {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if no unit can have the name, the root is not a plain absolute
   *     path, or a unit of a system that does not run is to be started
   */
  public ServiceUnit {
    Objects.requireNonNull(name, "name");
    Names.require(
        "name",
        name,
        "[A-Za-z0-9:_.\\\\][A-Za-z0-9:_.\\\\@-]{0,200}\\.(service|socket|timer|path|target)");
    if (!root.isEmpty()) {
      Names.requirePath("root", root);
      if (started) {
        throw new IllegalArgumentException("a unit below the root " + root + " cannot be started");
      }
    }
  }

  /**
   * Returns a change that enables and starts a unit: {@code systemctl enable --now}.
   *
   * @param name the unit with its suffix
   * @return the change
   * @throws IllegalArgumentException if no unit can have the name
   */
  public static ServiceUnit enabledAndStarted(String name) {
    Objects.requireNonNull(name, "name");
    return new ServiceUnit(name, "", true);
  }

  /**
   * Returns a change that enables a unit for the next boot and does not start it.
   *
   * @param name the unit with its suffix
   * @return the change
   * @throws IllegalArgumentException if no unit can have the name
   */
  public static ServiceUnit enabled(String name) {
    Objects.requireNonNull(name, "name");
    return new ServiceUnit(name, "", false);
  }

  @Override
  public List<String> command() {
    return systemctl("enable");
  }

  @Override
  public List<String> undo() {
    return systemctl("disable");
  }

  private List<String> systemctl(String verb) {
    List<String> command = new ArrayList<>(List.of("systemctl"));
    if (!root.isEmpty()) {
      command.add("--root=" + root);
    }
    command.add(verb);
    if (started) {
      command.add("--now");
    }
    command.add(name);
    return command;
  }

  /** A service that starts may take over addresses, ports and traffic. */
  @Override
  public Risk risk() {
    return started ? Risk.DISRUPTIVE : Risk.SAFE;
  }

  @Override
  public List<String> query() {
    return List.of("unit", name, root, "");
  }

  @Override
  public String wanted(String current) {
    String enabled = word(current, 0);
    String active = word(current, 1);
    String next =
        switch (enabled) {
          case "disabled", "enabled", "enabled-runtime" -> "enabled";
          case "masked", "masked-runtime" ->
              throw new IllegalStateException(
                  name + " is masked; systemctl unmask " + name + " permits it");
          case "linked", "linked-runtime" ->
              throw new IllegalStateException(
                  name + " is linked from elsewhere, which cannot be undone: enable it by hand");
          default -> enabled;
        };
    if (started && active.equals("-")) {
      throw new IllegalStateException(
          name + " cannot be started: systemd is not running on this host");
    }
    return next + " " + (started ? "active" : active);
  }

  private static String word(String state, int index) {
    String[] words = state.strip().split("\\s+");
    return index < words.length ? words[index] : "-";
  }

  @Override
  public List<String> operation(String current, String target) {
    String start = "-";
    if (!word(current, 1).equals(word(target, 1))) {
      start = word(target, 1).equals("active") ? "start" : "stop";
    }
    String enable = "-";
    if (!word(current, 0).equals(word(target, 0))) {
      enable =
          switch (word(target, 0)) {
            case "enabled" -> "enable";
            case "enabled-runtime" -> "enable --runtime";
            default -> "disable";
          };
    }
    return List.of("unit", name, root, start, enable);
  }
}
