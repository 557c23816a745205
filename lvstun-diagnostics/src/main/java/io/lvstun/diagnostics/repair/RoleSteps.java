// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import io.lvstun.Scheduler;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.link.RouteFacts;
import io.lvstun.diagnostics.facts.machine.Sysctls;
import io.lvstun.host.ClampSegmentSize;
import io.lvstun.host.HostChange;
import io.lvstun.host.LoadModule;
import io.lvstun.host.OpenGuePort;
import io.lvstun.host.SetAddress;
import io.lvstun.host.SetLinkUp;
import io.lvstun.host.SetSysctl;
import io.lvstun.host.SetTunnelMode;
import io.lvstun.network.Tunnel;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What the two roles need, as changes in their order; see {@link Preparation} for the reasons. */
final class RoleSteps {

  private static final int IPV4_HEADERS = 40;
  private static final int IPV6_HEADERS = 60;

  private final HostFacts facts;
  private final Set<InetAddress> addresses;
  private final Preparation.Settings settings;

  RoleSteps(HostFacts facts, Set<InetAddress> addresses, Preparation.Settings settings) {
    this.facts = facts;
    this.addresses = addresses;
    this.settings = settings;
  }

  /**
   * What to change.
   *
   * @param changes in their order
   * @param manual what is for people to do
   */
  record Steps(List<HostChange> changes, List<String> manual) {
    Steps() {
      this(new ArrayList<>(), new ArrayList<>());
    }
  }

  // ---- director ----

  Steps director() {
    Steps steps = new Steps();
    steps.changes().add(new LoadModule("ip_vs"));
    for (Scheduler scheduler : settings.schedulers()) {
      steps.changes().add(new LoadModule("ip_vs_" + scheduler.name().toLowerCase(Locale.ROOT)));
    }
    if (settings.profile() == Profile.PERFORMANCE) {
      queue(steps);
      tracking(steps);
      // Connection tracking costs a director of tunnels, and gives it nothing.
      if (value("net/ipv4/vs/conntrack").filter("1"::equals).isPresent()) {
        sysctl(steps, "net/ipv4/vs/conntrack", "0");
      }
    }
    for (InetAddress address : addresses) {
      Optional<String> device =
          settings.device().isEmpty() ? card(address) : Optional.of(settings.device());
      if (device.isPresent()) {
        steps.changes().add(address(device.get(), address));
      } else {
        steps
            .manual()
            .add(
                "neither a network nor a default route tells the device for "
                    + IpAddress.format(address)
                    + ": name one");
      }
    }
    steps.changes().addAll(settings.changes());
    return steps;
  }

  /** The device in whose network the address is, or else that of the default route. */
  private Optional<String> card(InetAddress address) {
    return facts.addresses().known().orElse(List.of()).stream()
        .filter(own -> own.prefixLength() < own.address().getAddress().length * 8)
        .filter(own -> own.covers(address))
        .map(Address::device)
        .findFirst()
        .or(
            () ->
                facts.routes().known().orElse(List.of()).stream()
                    .filter(route -> route.destination().equals("default"))
                    .map(RouteFacts::device)
                    .filter(name -> !name.isEmpty())
                    .findFirst());
  }

  // ---- real server ----

  Steps realServer() {
    Steps steps = new Steps();
    Set<Tunnel.Kind> kinds = kinds();
    kinds.forEach(kind -> steps.changes().add(new LoadModule(kind.module())));
    List<HostChange> ports = ports(steps);
    boolean four = addresses.stream().anyMatch(Inet4Address.class::isInstance);
    if (four) {
      // Before the address: else the host answers for it until these are made.
      sysctl(steps, Sysctls.conf("all", "arp_ignore"), "1");
      sysctl(steps, Sysctls.conf("all", "arp_announce"), "2");
    }
    if (settings.profile() == Profile.PERFORMANCE) {
      queue(steps);
      tracking(steps);
      sysctl(steps, "net/ipv4/tcp_fin_timeout", "30");
      sysctl(steps, "net/ipv4/tcp_keepalive_time", "1200");
      sysctl(steps, "net/ipv4/tcp_tw_reuse", "1");
      atLeast(steps, "net/core/somaxconn", 65535);
    }
    for (Tunnel.Kind kind : kinds) {
      String device = kind.fallbackDevice();
      if (four && kind != Tunnel.Kind.SIT) {
        // 2 is more than the 1 that all devices may have; the greater one counts.
        sysctl(steps, Sysctls.conf(device, "rp_filter"), "2");
      }
      if (kind == Tunnel.Kind.IP6TNL && four) {
        steps.changes().add(new SetTunnelMode(device));
      }
    }
    kinds.forEach(kind -> steps.changes().add(new SetLinkUp(kind.fallbackDevice())));
    steps.changes().addAll(ports);
    for (InetAddress address : addresses) {
      if (address instanceof Inet4Address) {
        kinds.stream()
            .filter(kind -> kind != Tunnel.Kind.SIT)
            .forEach(kind -> steps.changes().add(address(kind.fallbackDevice(), address)));
      } else {
        steps.changes().add(address("lo", address));
      }
    }
    clamp(steps);
    steps.changes().addAll(settings.changes());
    return steps;
  }

  /** The kinds of devices that take the packets out of their tunnels. */
  private Set<Tunnel.Kind> kinds() {
    boolean four = addresses.stream().anyMatch(Inet4Address.class::isInstance);
    boolean six = addresses.stream().anyMatch(address -> !(address instanceof Inet4Address));
    Set<Tunnel.Kind> kinds = new LinkedHashSet<>();
    for (Encapsulation encapsulation : settings.encapsulations()) {
      for (AddressFamily underlay : settings.underlays()) {
        boolean over4 = underlay == AddressFamily.IPV4;
        if (encapsulation.type() == Encapsulation.TYPE_GRE) {
          kinds.add(over4 ? Tunnel.Kind.GRE : Tunnel.Kind.IP6GRE);
          continue;
        }
        // What is left when GUE's header is off is an ipip packet.
        if (!over4) {
          kinds.add(Tunnel.Kind.IP6TNL);
          continue;
        }
        if (four) {
          kinds.add(Tunnel.Kind.IPIP);
        }
        if (six) {
          kinds.add(Tunnel.Kind.SIT);
        }
      }
    }
    return kinds;
  }

  private List<HostChange> ports(Steps steps) {
    List<HostChange> ports = new ArrayList<>();
    for (Encapsulation encapsulation : settings.encapsulations()) {
      if (encapsulation.type() == Encapsulation.TYPE_GUE) {
        for (AddressFamily underlay : settings.underlays()) {
          boolean six = underlay == AddressFamily.IPV6;
          steps.changes().add(new LoadModule(six ? "fou6" : "fou"));
          ports.add(new OpenGuePort(six, encapsulation.port()));
        }
      }
    }
    return ports;
  }

  private static HostChange address(String device, InetAddress address) {
    return SetAddress.present(device, address, address.getAddress().length * 8);
  }

  // ---- profile ----

  private void queue(Steps steps) {
    atLeast(steps, "net/core/netdev_max_backlog", 65535);
  }

  private void tracking(Steps steps) {
    // Where connections are not tracked, there is no table to be too small.
    if (value("net/netfilter/nf_conntrack_max").isPresent()) {
      atLeast(steps, "net/netfilter/nf_conntrack_max", 1000000);
    }
  }

  private Optional<String> value(String path) {
    return facts.sysctls().known().flatMap(sysctls -> sysctls.value(path));
  }

  /** Sets a parameter that the kernel has, unless it is greater already. */
  private void atLeast(Steps steps, String path, long least) {
    Optional<String> value = value(path).filter(text -> text.matches("[0-9]{1,18}"));
    if (value.isPresent() && Long.parseLong(value.get()) > least) {
      return;
    }
    // Of a network namespace, the kernel shows only some of them.
    boolean absent =
        value.isEmpty()
            && facts.sysctls().known().map(all -> !all.below("net/").isEmpty()).orElse(false);
    if (!absent) {
      sysctl(steps, path, Long.toString(least));
    }
  }

  private static void sysctl(Steps steps, String path, String value) {
    steps.changes().add(new SetSysctl(path, value));
  }

  private void clamp(Steps steps) {
    if (settings.profile() != Profile.PERFORMANCE && settings.segmentSize().isEmpty()) {
      return;
    }
    for (boolean six : new boolean[] {false, true}) {
      if (addresses.stream().noneMatch(address -> six != (address instanceof Inet4Address))) {
        continue;
      }
      List<RouteFacts> routes =
          facts.routes().known().orElse(List.of()).stream()
              .filter(route -> route.destination().equals("default"))
              .filter(route -> route.type().equals("unicast"))
              .filter(route -> route.table().isEmpty() || route.table().equals("main"))
              .filter(
                  route ->
                      route
                          .gateway()
                          .map(gateway -> six != (gateway instanceof Inet4Address))
                          .orElse(!six))
              .toList();
      if (routes.size() != 1 || routes.get(0).device().isEmpty()) {
        steps
            .manual()
            .add(
                "set advmss on the default route for IPv"
                    + (six ? 6 : 4)
                    + ": there is not exactly one");
        continue;
      }
      RouteFacts route = routes.get(0);
      int size = settings.segmentSize().orElseGet(() -> segmentSize(route.device(), six));
      steps.changes().add(new ClampSegmentSize(six, route.toString(), size));
      steps
          .manual()
          .add(
              "let it last in the file that configures "
                  + route.device()
                  + ": advmss "
                  + size
                  + " on the default route");
    }
  }

  /** What fits into the narrowest of the tunnels, over a path with the MTU of the card. */
  private int segmentSize(String device, boolean six) {
    int mtu =
        facts.links().known().orElse(List.of()).stream()
            .filter(link -> link.name().equals(device))
            .mapToInt(LinkFacts::mtu)
            .findFirst()
            .orElse(1500);
    int overhead = 0;
    for (Encapsulation encapsulation : settings.encapsulations()) {
      for (AddressFamily underlay : settings.underlays()) {
        overhead = Math.max(overhead, overhead(encapsulation, underlay));
      }
    }
    return mtu - overhead - (six ? IPV6_HEADERS : IPV4_HEADERS);
  }

  private static int overhead(Encapsulation encapsulation, AddressFamily underlay) {
    int outer = underlay == AddressFamily.IPV4 ? 20 : 40;
    if (encapsulation.type() == Encapsulation.TYPE_GUE) {
      // UDP, GUE, and the field of remote checksums.
      return outer + 8 + 4 + 8;
    }
    return encapsulation.type() == Encapsulation.TYPE_GRE ? outer + 4 + 4 : outer;
  }
}
