// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import io.lvstun.AddressFamily;
import io.lvstun.LvsException;
import io.lvstun.netlink.socket.KernelSocketSource;
import io.lvstun.network.GuePort;
import io.lvstun.network.HostNetwork;
import io.lvstun.network.LinkAddress;
import io.lvstun.network.MarkRule;
import io.lvstun.network.Route;
import io.lvstun.network.Tunnel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a host is asked and told while golden messages are recorded: on a real kernel by {@link
 * #main}, and again from the recording by {@link RouteGoldenTest}.
 */
final class RouteGoldenScenario {

  private RouteGoldenScenario() {}

  /** Returns what came of each step. */
  static List<String> play(HostNetwork network) {
    List<String> said = new ArrayList<>();
    network.links().forEach(link -> said.add(link.toString()));
    network.links().forEach(link -> link.tunnel().ifPresent(tunnel -> said.add("is " + tunnel)));
    network.addresses().forEach(address -> said.add(address.toString()));
    network.routes(Route.MAIN).forEach(route -> said.add(route.toString()));
    network.routes(100).forEach(route -> said.add(route.toString()));
    network.markRules().forEach(rule -> said.add(rule.toString()));
    network.guePorts().forEach(port -> said.add(port.toString()));

    for (Tunnel tunnel :
        List.of(
            Tunnel.ipip("lvs0").local("192.0.2.254").ttl(64),
            Tunnel.of("lvs1", Tunnel.Kind.GRE).local("192.0.2.254").withInputChecksum(),
            Tunnel.of("lvs2", Tunnel.Kind.IP6TNL).local("2001:db8::1"),
            Tunnel.of("lvs3", Tunnel.Kind.IP6GRE).asExternal())) {
      said.add(refusal(() -> network.createTunnel(tunnel)));
    }
    network.setMtu("eth0", 1300);
    network.setUp("eth0", false);
    said.add(network.link("eth0").orElseThrow().toString());
    network.setUp("eth0", true);
    LinkAddress vip = LinkAddress.parse("192.168.1.200/32").label("eth0:vip").asDeprecated();
    network.addAddress("eth0", vip);
    LinkAddress vip6 = LinkAddress.parse("fd00::200/128").asDeprecated().withoutDetection();
    network.addAddress("eth0", vip6);
    network.addresses().forEach(address -> said.add(address.toString()));
    network.removeAddress("eth0", vip6);
    network.addRoute(Route.local("0.0.0.0/0").table(100_000));
    network.addRoute(Route.via("203.0.115.0/24", "192.0.2.1").source("192.0.2.254").metric(5));
    network.routes(100_000).forEach(route -> said.add(route.toString()));
    network.removeRoute(Route.local("0.0.0.0/0").table(100_000));
    MarkRule rule = MarkRule.of(9, 100).family(AddressFamily.IPV6).priority(60);
    network.addMarkRule(rule);
    network.removeMarkRule(rule);
    said.add(refusal(() -> network.openGuePort(GuePort.of(6081))));
    said.add(refusal(() -> network.closeGuePort(GuePort.of(6081))));
    said.add(refusal(() -> network.addAddress("eth0", vip)));
    said.add(refusal(() -> network.setMtu("eth0", 1 << 30)));
    said.add(refusal(() -> network.deleteLink("lo")));
    said.add(refusal(() -> network.setUp("absent0", true)));
    network.deleteLink("peer0");
    said.add(network.link("eth0").toString());
    return said;
  }

  private static String refusal(Runnable call) {
    try {
      call.run();
      return "not refused";
    } catch (LvsException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /**
   * Records; {@code golden/capture-route} says in what surroundings.
   *
   * @param args the kernel's version, and the file to write
   */
  public static void main(String[] args) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("# Messages of rtnetlink and fou between the library and Linux " + args[0] + ",");
    lines.add("# recorded by lvstun-netlink/src/test/golden/capture-route on x86-64.");
    lines.add("# = opens a socket (protocol, port), > goes to the kernel, < comes from it.");
    KernelSocketSource.load();
    List<String> said;
    try (HostNetwork network =
        new NetlinkHostNetwork(
            Tape.recording(new KernelSocketSource(null, 1024 * 1024), lines),
            Duration.ofSeconds(20))) {
      said = play(network);
    }
    said.forEach(System.out::println);
    Files.write(Path.of(args[1]), lines);
  }
}
