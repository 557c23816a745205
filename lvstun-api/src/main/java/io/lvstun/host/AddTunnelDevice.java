// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.util.List;
import java.util.Objects;

/**
 * Adds an {@code ipip} device that decapsulates packets from any director.
 *
 * @param device its name
 * @since 0.1.0
 */
public record AddTunnelDevice(String device) implements HostChange {

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if no device can have it
   */
  public AddTunnelDevice {
    Objects.requireNonNull(device, "device");
    Names.requireDevice(device);
  }

  @Override
  public List<String> command() {
    return List.of("ip", "link", "add", device, "type", "ipip", "external");
  }

  @Override
  public List<String> undo() {
    return List.of("ip", "link", "delete", device);
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public List<String> query() {
    return List.of("device", device, "", "");
  }

  @Override
  public String wanted(String current) {
    Objects.requireNonNull(current, "current");
    return PRESENT;
  }

  @Override
  public List<String> operation(String current, String target) {
    Objects.requireNonNull(current, "current");
    List<String> words = new java.util.ArrayList<>(List.of("run"));
    words.addAll(target.equals(PRESENT) ? command() : undo());
    return words;
  }
}
