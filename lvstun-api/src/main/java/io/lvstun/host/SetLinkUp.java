// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.util.List;
import java.util.Objects;

/**
 * Switches a network device on.
 *
 * @param device its name
 * @since 0.1.0
 */
public record SetLinkUp(String device) implements HostChange {

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if no device can have it
   */
  public SetLinkUp {
    Objects.requireNonNull(device, "device");
    Names.requireDevice(device);
  }

  @Override
  public List<String> command() {
    return List.of("ip", "link", "set", "dev", device, "up");
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public List<String> query() {
    return List.of("link", device, "", "");
  }

  @Override
  public String wanted(String current) {
    Objects.requireNonNull(current, "current");
    return "up";
  }

  @Override
  public List<String> operation(String current, String target) {
    Objects.requireNonNull(current, "current");
    Objects.requireNonNull(target, "target");
    return List.of("run", "ip", "link", "set", "dev", device, target);
  }
}
