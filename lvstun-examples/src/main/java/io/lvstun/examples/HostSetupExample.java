// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import io.lvstun.Director;
import io.lvstun.DriverOptions;
import io.lvstun.NetworkNamespace;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import io.lvstun.network.HostNetwork;
import io.lvstun.network.LinkAddress;
import io.lvstun.network.Tunnel;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Makes bare hosts into the tutorial's director and real servers from Java, without starting {@code
 * ip}: the VIP on the director, a tunnel device with the VIP on each real server.
 */
final class HostSetupExample {

  private static final int REQUESTS = 10;

  private HostSetupExample() {}

  /**
   * Runs the example.
   *
   * @param args {@code --help} tells
   */
  public static void main(String[] args) {
    runner().runAndExit(args);
  }

  static ExampleRunner runner() {
    return new ExampleRunner(
        HostSetupExample.class,
        "Makes bare hosts into a director and real servers, from Java.",
        () -> Topology.tutorial().prepare(Preparation.none()).vipOnDirector(false),
        HostSetupExample::play);
  }

  private static String play(Stage stage) {
    prepareDirector(options(stage.cluster().director()));
    for (LabHost server : stage.cluster().realServers()) {
      prepareRealServer(options(server), server.address());
      applySettings(server);
    }
    try (HostNetwork network = HostNetwork.open(options(stage.cluster().realServer(1)))) {
      // tag::look[]
      network.links().forEach(stage::say);
      network.addresses().forEach(stage::say);
      // end::look[]
    }
    try (Director director = stage.openDirector()) {
      director.apply(
          VirtualService.tcp("192.168.1.200", 80)
              .scheduler(Scheduler.RR)
              .addRealServer("192.168.2.101")
              .tunnel()
              .addRealServer("192.168.3.102")
              .tunnel());
      SortedMap<String, Integer> answered = stage.ask(REQUESTS);
      stage.say(answered);
      stage.expect(
          answered.equals(Map.of("rs1", REQUESTS / 2, "rs2", REQUESTS / 2)),
          "round robin did not take turns: " + answered);
    }
    return "Hosts that were bare before answered " + REQUESTS + " requests.";
  }

  /** In the lab a host is a network namespace of this kernel. */
  private static DriverOptions options(LabHost host) {
    return new DriverOptions(
        Optional.of(new NetworkNamespace(host.namespace())), DriverOptions.DEFAULT_DEADLINE);
  }

  private static void prepareDirector(DriverOptions options) {
    // tag::director[]
    try (HostNetwork network = HostNetwork.open(options)) {
      network.addAddress("eth0", LinkAddress.parse("192.168.1.200/32"));
    }
    // end::director[]
  }

  private static void prepareRealServer(DriverOptions options, String address) {
    // tag::real-server[]
    try (HostNetwork network = HostNetwork.open(options)) {
      network.createTunnel(Tunnel.ipip("lvs0").local(address));
      network.addAddress("lvs0", LinkAddress.parse("192.168.1.200/32"));
      network.setUp("lvs0", true);
    }
    // end::real-server[]
  }

  /** Settings of the kernel are files below /proc/sys, of each namespace its own. */
  private static void applySettings(LabHost server) {
    server.sysctl("net.ipv4.conf.all.rp_filter", 0);
    server.sysctl("net.ipv4.conf.eth0.rp_filter", 0);
    server.sysctl("net.ipv4.conf.lvs0.rp_filter", 0);
    server.sysctl("net.ipv4.conf.all.arp_ignore", 1);
    server.sysctl("net.ipv4.conf.all.arp_announce", 2);
  }
}
