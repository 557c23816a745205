// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.util.List;
import java.util.Objects;

/**
 * Lets the fallback device of tunnels over IPv6 decapsulate IPv4 and IPv6. By default it takes IPv6
 * alone.
 *
 * @param device its name, {@code ip6tnl0}
 * @since 0.1.0
 */
public record SetTunnelMode(String device) implements HostChange {

  private static final String ANY = "any/ipv6";

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if no device can have it
   */
  public SetTunnelMode {
    Objects.requireNonNull(device, "device");
    Names.requireDevice(device);
  }

  @Override
  public List<String> command() {
    return command("any");
  }

  @Override
  public List<String> undo() {
    return command("ip6ip6");
  }

  private List<String> command(String mode) {
    return List.of("ip", "-6", "tunnel", "change", device, "mode", mode);
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public List<String> query() {
    return List.of("tunnel-mode", device, "", "");
  }

  @Override
  public String wanted(String current) {
    Objects.requireNonNull(current, "current");
    return ANY;
  }

  @Override
  public List<String> operation(String current, String target) {
    Objects.requireNonNull(current, "current");
    Objects.requireNonNull(target, "target");
    // What "show" writes and what "change" takes differ.
    String mode =
        switch (target) {
          case ANY -> "any";
          case "ip/ipv6" -> "ip4ip6";
          default -> "ip6ip6";
        };
    return List.of("run", "ip", "-6", "tunnel", "change", device, "mode", mode);
  }
}
