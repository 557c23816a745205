// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.util.List;
import java.util.Objects;

/**
 * Sets a kernel parameter.
 *
 * @param path below {@code /proc/sys}, for example {@code net/ipv4/conf/tunl0/rp_filter}
 * @param value the value
 * @since 0.1.0
 */
public record SetSysctl(String path, String value) implements HostChange {

  /**
   * Checks the path and the value.
   *
   * @throws IllegalArgumentException if one of them has characters that a parameter cannot have
   */
  public SetSysctl {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(value, "value");
    Names.require("path", path, "[a-z]+(/[A-Za-z0-9_.:@-]+)+");
    if ((path + "/").contains("/../") || (path + "/").contains("/./")) {
      throw new IllegalArgumentException("path must be plain, not " + path);
    }
    Names.require("value", value, "[A-Za-z0-9 ._-]{1,128}");
  }

  /**
   * Returns the name as {@code sysctl} takes it: with slashes where a device's name has a dot.
   *
   * @return for example {@code net.ipv4.conf.tunl0.rp_filter}
   */
  public String name() {
    return path.indexOf('.') >= 0 ? path : path.replace('/', '.');
  }

  @Override
  public List<String> command() {
    return List.of("sysctl", "-w", name() + "=" + value);
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public List<String> query() {
    return List.of("sysctl", path, "", "");
  }

  @Override
  public String wanted(String current) {
    return value;
  }

  @Override
  public List<String> operation(String current, String target) {
    return List.of("sysctl", path, target);
  }
}
