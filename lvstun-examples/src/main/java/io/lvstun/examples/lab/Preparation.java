// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * How the real servers of a topology are made ready for LVS: which steps are taken, which tunnels
 * are opened, and where the VIP goes. Immutable: each method returns a changed copy.
 *
 * <p>A real server starts out as a careful administrator leaves a Linux host: strict reverse path
 * filter, no tunnel, ARP as the kernel has it. Every step that is left out leaves it so.
 *
 * @since 0.1.0
 */
@CheckReturnValue
public final class Preparation {
  /** The port that GUE tunnels use unless another is named. */
  public static final int GUE_PORT = 6080;

  /** One thing that a real server needs. */
  public enum Step {
    /** The tunnel devices are up and, for GUE, the port is open. */
    TUNNEL,
    /** The VIP is an address of the server. */
    VIP,
    /** {@code arp_ignore=1} and {@code arp_announce=2}: the server keeps quiet about the VIP. */
    ARP,
    /** {@code rp_filter=0}, for all devices and for each that packets come in by. */
    RP_FILTER
  }

  private final Set<Step> steps;
  private final int guePort;
  private final boolean gre;
  private final String vipDevice;

  private Preparation(Set<Step> steps, int guePort, boolean gre, String vipDevice) {
    this.steps = Set.copyOf(steps);
    this.guePort = guePort;
    this.gre = gre;
    this.vipDevice = vipDevice;
  }

  /**
   * Every step, for tunnels without a header of their own (IPIP): IPv4 and IPv6 packets within
   * either. The VIP goes to tunl0 (the IPv6 VIP to lo).
   */
  public static Preparation tunnel() {
    return new Preparation(EnumSet.allOf(Step.class), 0, false, "tunl0");
  }

  /** The VIP on lo, ARP kept quiet, no tunnels: for direct routing. */
  public static Preparation directRouting() {
    return new Preparation(EnumSet.of(Step.VIP, Step.ARP, Step.RP_FILTER), 0, false, "lo");
  }

  /** Nothing at all: a server as it comes, which is what masquerading wants. */
  public static Preparation none() {
    return new Preparation(EnumSet.noneOf(Step.class), 0, false, "lo");
  }

  /** GUE tunnels on {@link #GUE_PORT} as well. */
  public Preparation gue() {
    return gue(GUE_PORT);
  }

  /**
   * GUE tunnels on this port as well.
   *
   * @throws IllegalArgumentException if the port is not within 1 to 65535
   */
  public Preparation gue(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + " is not within 1 to 65535");
    }
    return new Preparation(steps, port, gre, vipDevice);
  }

  /** GRE tunnels as well. */
  public Preparation gre() {
    return new Preparation(steps, guePort, true, vipDevice);
  }

  /** The VIP goes to this device. */
  public Preparation vipOn(String device) {
    return new Preparation(steps, guePort, gre, Objects.requireNonNull(device, "device"));
  }

  /** Without this step. */
  public Preparation without(Step step) {
    Set<Step> left = EnumSet.noneOf(Step.class);
    left.addAll(steps);
    left.remove(step);
    return new Preparation(left, guePort, gre, vipDevice);
  }

  /** Whether this step is taken. */
  public boolean has(Step step) {
    return steps.contains(step);
  }

  /** The kernel modules that make the devices this preparation uses. */
  List<String> modules() {
    List<String> modules = new ArrayList<>();
    if (has(Step.TUNNEL)) {
      modules.addAll(List.of("ipip", "sit", "ip6_tunnel"));
      if (guePort > 0) {
        modules.addAll(List.of("fou", "fou6"));
      }
      if (gre) {
        modules.addAll(List.of("ip_gre", "ip6_gre"));
      }
    }
    return modules;
  }

  /** What it takes in one namespace, with the strict reverse path filter as the starting point. */
  void addTo(NetworkScript.Namespace server, String vip, String vip6) {
    List<String> devices = new ArrayList<>(List.of("eth0"));
    if (has(Step.TUNNEL)) {
      devices.addAll(List.of("tunl0", "sit0", "ip6tnl0"));
      server.ip("link set tunl0 up");
      server.ip("link set sit0 up");
      // As it comes, the device takes IPv6 out of IPv6 only.
      server.ip6("tunnel change ip6tnl0 mode any");
      server.ip("link set ip6tnl0 up");
      if (guePort > 0) {
        server.ip("fou add port " + guePort + " gue");
        server.ip6("fou add port " + guePort + " gue");
      }
      if (gre) {
        devices.addAll(List.of("gre0", "ip6gre0"));
        server.ip("link set gre0 up");
        server.ip("link set ip6gre0 up");
      }
    }
    if (has(Step.RP_FILTER)) {
      // The kernel uses the larger of "all" and the device's own.
      server.sysctl("net.ipv4.conf.all.rp_filter", 0);
      for (String device : devices) {
        server.sysctl("net.ipv4.conf." + device + ".rp_filter", 0);
      }
    }
    if (has(Step.ARP)) {
      server.sysctl("net.ipv4.conf.all.arp_ignore", 1);
      server.sysctl("net.ipv4.conf.all.arp_announce", 2);
    }
    if (has(Step.VIP)) {
      server.ip("address add " + vip + "/32 dev " + vipDevice);
      server.ip("address add " + vip6 + "/128 dev lo nodad");
    }
  }
}
