// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.util.List;
import java.util.Objects;

/**
 * Loads a kernel module.
 *
 * @param name its name
 * @since 0.1.0
 */
public record LoadModule(String name) implements HostChange {

  private static final String LOADED = "loaded";

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if no module can have it
   */
  public LoadModule {
    Objects.requireNonNull(name, "name");
    Names.require("name", name, "[A-Za-z0-9_][A-Za-z0-9_-]{0,63}");
  }

  @Override
  public List<String> command() {
    return List.of("modprobe", name);
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public List<String> query() {
    return List.of("module", name, "", "");
  }

  @Override
  public String wanted(String current) {
    Objects.requireNonNull(current, "current");
    return LOADED;
  }

  @Override
  public List<String> operation(String current, String target) {
    Objects.requireNonNull(current, "current");
    return target.equals(LOADED) ? List.of("run", "modprobe", name) : List.of("unload", name);
  }
}
