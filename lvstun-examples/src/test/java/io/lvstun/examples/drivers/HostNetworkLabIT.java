// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.AddressFamily;
import io.lvstun.AlreadyExistsException;
import io.lvstun.DriverOptions;
import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.NetworkNamespace;
import io.lvstun.NotFoundException;
import io.lvstun.TimeoutException;
import io.lvstun.UnsupportedException;
import io.lvstun.netlink.route.NetlinkHostNetwork;
import io.lvstun.netlink.socket.NetlinkSocket;
import io.lvstun.network.AddressState;
import io.lvstun.network.GuePort;
import io.lvstun.network.HostNetwork;
import io.lvstun.network.Link;
import io.lvstun.network.LinkAddress;
import io.lvstun.network.MarkRule;
import io.lvstun.network.Route;
import io.lvstun.network.Tunnel;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Links, addresses, tunnels, routes, rules and GUE ports on a real kernel; `ip` is the witness. */
final class HostNetworkLabIT {

  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final JsonMapper JSON = new JsonMapper();

  private DirectorNamespace namespace;
  private HostNetwork network;

  @BeforeAll
  static void loadModules() {
    DirectorNamespace.host("modprobe", "-a", "ipip", "sit", "ip_gre", "ip6_tunnel", "ip6_gre");
  }

  @BeforeEach
  void open() {
    namespace = new DirectorNamespace();
    network = HostNetwork.open(new DriverOptions(Optional.of(namespace.namespace()), DEADLINE));
  }

  @AfterEach
  void close() {
    network.close();
    namespace.close();
  }

  /** What `ip -j` prints: a list of things. */
  private List<JsonNode> ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip", "-j"));
    command.addAll(List.of(arguments));
    List<JsonNode> nodes = new ArrayList<>();
    String printed = namespace.run(command.toArray(String[]::new));
    if (!printed.isBlank()) {
      // With filters, ip prints an empty object for what it leaves out.
      JSON.readTree(printed).forEach(node -> nodes.add(node));
      nodes.removeIf(JsonNode::isEmpty);
    }
    return nodes;
  }

  private static LvsException refused(ThrowingCallable call) {
    return catchThrowableOfType(LvsException.class, call);
  }

  // -- links --------------------------------------------------------------------------------------

  @Test
  void linksAreThoseThatIpShows() {
    List<JsonNode> shown = ip("-d", "link", "show");
    List<Link> links = network.links();
    assertThat(links).hasSameSizeAs(shown);
    for (JsonNode one : shown) {
      String name = one.get("ifname").asString();
      Link link = network.link(name).orElseThrow();
      assertThat(links).contains(link);
      assertThat(link.index()).isEqualTo(one.get("ifindex").asInt());
      assertThat(link.mtu()).as("mtu of %s", name).isEqualTo(one.get("mtu").asInt());
      assertThat(link.isUp()).isEqualTo(one.get("flags").toString().contains("\"UP\""));
      assertThat(link.kind()).isEqualTo(one.path("linkinfo").path("info_kind").asString(""));
    }
    assertThat(network.link("lo").orElseThrow().isLoopback()).isTrue();
    assertThat(network.link("absent0")).isEmpty();
  }

  @Test
  void linksAreSetUpAndDownAndTheirMtuIsSet() {
    network.setMtu("eth0", 1400);
    network.setUp("eth0", false);
    JsonNode shown = ip("link", "show", "dev", "eth0").get(0);
    assertThat(shown.get("mtu").asInt()).isEqualTo(1400);
    assertThat(shown.get("flags").toString()).doesNotContain("\"UP\"");
    network.setUp("eth0", true);
    assertThat(ip("link", "show", "dev", "eth0").get(0).get("flags").toString()).contains("\"UP\"");
    assertThat(network.link("eth0").orElseThrow().toString()).contains("eth0 mtu 1400 up dummy");
  }

  @Test
  void everyKindOfTunnelIsMadeAsWantedAndReadBack() {
    for (Tunnel tunnel :
        List.of(
            Tunnel.ipip("t1").local("192.0.2.254"),
            Tunnel.ipip("t2").local("192.0.2.254").remote("192.0.2.1").ttl(64),
            Tunnel.ipip("t3").remote("192.0.2.2").payload(Tunnel.Payload.ANY),
            Tunnel.ipip("t4").asExternal(),
            Tunnel.of("t5", Tunnel.Kind.SIT).local("192.0.2.254").ttl(9),
            Tunnel.of("t6", Tunnel.Kind.GRE).local("192.0.2.254").withInputChecksum(),
            Tunnel.of("t7", Tunnel.Kind.GRE).asExternal(),
            Tunnel.of("t8", Tunnel.Kind.IP6TNL).local("2001:db8:ffff::1"),
            Tunnel.of("t9", Tunnel.Kind.IP6TNL)
                .remote("2001:db8::9")
                .payload(Tunnel.Payload.IPV4)
                .ttl(3),
            Tunnel.of("t10", Tunnel.Kind.IP6GRE).local("2001:db8:ffff::1"),
            Tunnel.of("t11", Tunnel.Kind.IP6TNL).asExternal())) {
      network.createTunnel(tunnel);
      JsonNode info = ip("-d", "link", "show", "dev", tunnel.name()).get(0).get("linkinfo");
      JsonNode data = info.get("info_data");
      assertThat(info.get("info_kind").asString()).isEqualToIgnoringCase(tunnel.kind().name());
      assertThat(data.has("external")).as("%s: %s", tunnel, data).isEqualTo(tunnel.external());
      if (!tunnel.external()) {
        assertThat(data.get("local").asString())
            .as("local of %s", tunnel)
            .isEqualTo(tunnel.local().map(IpAddress::format).orElse("any"));
        assertThat(data.get("remote").asString())
            .as("remote of %s", tunnel)
            .isEqualTo(tunnel.remote().map(IpAddress::format).orElse("any"));
        assertThat(data.path("ttl").asInt(0)).as("ttl of %s", tunnel).isEqualTo(tunnel.ttl());
        assertThat(data.path("icsum").asBoolean(false)).isEqualTo(tunnel.inputChecksum());
      }
      assertThat(network.link(tunnel.name()).flatMap(Link::tunnel)).contains(tunnel);
      network.deleteLink(tunnel.name());
      assertThat(network.link(tunnel.name())).isEmpty();
    }
  }

  @Test
  void refusalsAboutLinksSayWhatAndWhy() {
    assertThat(refused(() -> network.setUp("absent0", true)))
        .isExactlyInstanceOf(NotFoundException.class)
        .hasMessageStartingWith("cannot set up link absent0 (netlink): there is no such link")
        .hasMessageEndingWith("[19]. `ip link` lists the links of the network namespace");
    assertThat(refused(() -> network.deleteLink("tunl0")))
        .isExactlyInstanceOf(UnsupportedException.class)
        .hasMessage(
            "cannot delete link tunl0 (netlink): the kernel keeps this link as long as its module."
                + " Set it down instead");
    assertThat(ip("link", "show", "dev", "tunl0")).hasSize(1);
    assertThat(refused(() -> network.deleteLink("lo")))
        .isExactlyInstanceOf(UnsupportedException.class)
        .hasMessageStartingWith(
            "cannot delete link lo (netlink): the kernel cannot do this with a link of this kind");
    network.createTunnel(Tunnel.ipip("tun1").local("192.0.2.254"));
    for (Tunnel same : List.of(Tunnel.ipip("tun1"), Tunnel.ipip("tun2").local("192.0.2.254"))) {
      assertThat(refused(() -> network.createTunnel(same)))
          .isExactlyInstanceOf(AlreadyExistsException.class)
          .hasMessageStartingWith(
              "cannot create tunnel " + same + " (netlink): a link of this name")
          .hasMessageContaining("[17]. ");
    }
    assertThat(refused(() -> network.setMtu("tun1", 1 << 30)))
        .isExactlyInstanceOf(LvsException.class)
        .hasMessageContaining("cannot set the mtu of link tun1 (netlink): ")
        .hasMessageContaining("[22]");
  }

  // -- addresses ----------------------------------------------------------------------------------

  @Test
  void addressesArePutOnAsWantedAndReadBack() {
    for (LinkAddress address :
        List.of(
            LinkAddress.parse("192.168.1.200/32"),
            LinkAddress.parse("192.168.2.1/24").label("eth0:vip").scope(LinkAddress.Scope.LINK),
            LinkAddress.parse("192.168.1.201").scope(LinkAddress.Scope.HOST),
            LinkAddress.parse("192.168.1.202").asDeprecated(),
            LinkAddress.parse("fd00::200/128").asDeprecated().withoutDetection(),
            LinkAddress.parse("fd00:1::1/64").withoutDetection())) {
      network.addAddress("eth0", address);
      JsonNode shown = shown(address);
      assertThat(shown.get("local").asString()).isEqualTo(IpAddress.format(address.address()));
      assertThat(shown.get("prefixlen").asInt()).isEqualTo(address.prefixLength());
      assertThat(shown.get("scope").asString()).isEqualToIgnoringCase(address.scope().name());
      assertThat(shown.path("deprecated").asBoolean(false)).isEqualTo(address.deprecated());
      assertThat(shown.path("nodad").asBoolean(false))
          .isEqualTo(address.withoutDuplicateDetection());
      if (!address.label().isEmpty()) {
        assertThat(shown.get("label").asString()).isEqualTo(address.label());
      }
      AddressState expected = new AddressState("eth0", address, false, false);
      assertThat(network.addresses()).contains(expected);

      assertThat(refused(() -> network.addAddress("eth0", address)))
          .isExactlyInstanceOf(AlreadyExistsException.class)
          .hasMessageStartingWith(
              "cannot add address "
                  + address
                  + " on eth0 (netlink): the link already has the"
                  + " address");
      network.removeAddress("eth0", address);
      assertThat(network.addresses()).doesNotContain(expected);
      assertThat(refused(() -> network.removeAddress("eth0", address)))
          .isExactlyInstanceOf(NotFoundException.class)
          .hasMessageStartingWith(
              "cannot remove address "
                  + address
                  + " from eth0 (netlink): the link has no such"
                  + " address")
          .hasMessageContaining("[99]");
    }
    assertThat(network.addresses())
        .extracting(AddressState::toString)
        .contains("127.0.0.1/8 scope host dev lo", "::1/128 scope host dev lo")
        .contains("192.0.2.254/24 dev eth0", "2001:db8:ffff::1/64 nodad dev eth0");
    assertThat(refused(() -> network.addAddress("tunl9", LinkAddress.parse("192.0.2.7"))))
        .isExactlyInstanceOf(NotFoundException.class)
        .hasMessage(
            "cannot add address 192.0.2.7/32 on tunl9 (netlink): there is no link tunl9."
                + " `ip link` lists the links of the network namespace");
  }

  private JsonNode shown(LinkAddress address) {
    for (JsonNode one : ip("addr", "show", "dev", "eth0").get(0).get("addr_info")) {
      if (one.path("local").asString("").equals(IpAddress.format(address.address()))) {
        return one;
      }
    }
    throw new AssertionError("ip does not show " + address);
  }

  @Test
  void addressOfIpv6OnALinkWithoutItSaysSo() {
    namespace.run("sysctl", "-qw", "net.ipv6.conf.eth0.disable_ipv6=1");
    assertThat(refused(() -> network.addAddress("eth0", LinkAddress.parse("fd00::1"))))
        .isExactlyInstanceOf(LvsException.class)
        .hasMessageContaining("IPv6 is disabled on the link")
        .hasMessageContaining("[13]. Set net.ipv6.conf.LINK.disable_ipv6 to 0");
  }

  // -- routes and rules ---------------------------------------------------------------------------

  @Test
  void routesAreAddedAndReadBack() {
    for (Route route :
        List.of(
            Route.via("198.51.100.0/24", "192.0.2.1").link("eth0").metric(7),
            Route.on("203.0.113.0/24", "eth0").source("192.0.2.254"),
            Route.local("0.0.0.0/0").table(100),
            Route.local("::/0").table(100_000),
            Route.via("2001:db8:1::/48", "2001:db8:ffff::2").link("eth0").metric(1024))) {
      network.addRoute(route);
      String family = AddressFamily.of(route.destination()) == AddressFamily.IPV4 ? "-4" : "-6";
      String shown =
          namespace.run("ip", family, "route", "show", "table", Long.toString(route.table()));
      String network4 = IpAddress.format(route.destination()) + "/" + route.prefixLength();
      assertThat(shown).contains(route.prefixLength() == 0 ? "local default dev lo" : network4);
      route.gateway().ifPresent(g -> assertThat(shown).contains("via " + IpAddress.format(g)));
      assertThat(network.routes(route.table()))
          .as("%s", shown)
          .anyMatch(found -> found.metric(route.metric()).equals(route));
      assertThat(refused(() -> network.addRoute(route)))
          .isExactlyInstanceOf(AlreadyExistsException.class)
          .hasMessageStartingWith("cannot add route " + route + " (netlink): the route already");
      network.removeRoute(route);
      assertThat(refused(() -> network.removeRoute(route)))
          .isExactlyInstanceOf(NotFoundException.class)
          .hasMessageContaining(
              "cannot remove route " + route + " (netlink): there is no such route");
    }
    assertThat(network.routes(Route.MAIN))
        .extracting(Route::toString)
        .contains("192.0.2.0/24 dev eth0 src 192.0.2.254");
    assertThat(network.routes(4711)).isEmpty();
    assertThat(refused(() -> network.addRoute(Route.via("198.51.100.0/24", "203.0.113.9"))))
        .isExactlyInstanceOf(LvsException.class)
        .hasMessageContaining("the gateway cannot be reached")
        .hasMessageContaining("Nexthop has invalid gateway");
  }

  @Test
  void rulesAreAddedAndReadBack() {
    for (MarkRule rule :
        List.of(
            MarkRule.of(7, 100).priority(50),
            MarkRule.of(0x10, 70_000).mask(0xf0).priority(51),
            MarkRule.of(0xffff_ffffL, 100).family(AddressFamily.IPV6).priority(52))) {
      network.addMarkRule(rule);
      String shown =
          namespace.run("ip", rule.family() == AddressFamily.IPV4 ? "-4" : "-6", "rule", "show");
      assertThat(shown)
          .contains(rule.priority() + ":\tfrom all fwmark 0x" + Long.toHexString(rule.mark()))
          .contains("lookup " + rule.table());
      assertThat(network.markRules()).containsExactly(rule);
      assertThat(refused(() -> network.addMarkRule(rule)))
          .isExactlyInstanceOf(AlreadyExistsException.class)
          .hasMessage("cannot add rule " + rule + " (netlink): the rule already exists [17]");
      network.removeMarkRule(rule.priority(0));
      assertThat(refused(() -> network.removeMarkRule(rule)))
          .isExactlyInstanceOf(NotFoundException.class)
          .hasMessage("cannot remove rule " + rule + " (netlink): there is no such rule [2]");
    }
    network.addMarkRule(MarkRule.of(9, 100));
    assertThat(network.markRules().get(0).priority()).isBetween(1L, 32765L);
  }

  // -- GUE ----------------------------------------------------------------------------------------

  @Test
  void guePortsNeedTheModuleAndAreReadBack() {
    String helper = DirectorNamespace.host("sysctl", "-n", "kernel.modprobe").strip();
    DirectorNamespace.host("sysctl", "-qw", "kernel.modprobe=/bin/false");
    try {
      DirectorNamespace.host("bash", "-c", "! lsmod | grep -q ^fou || rmmod fou6 fou");
      assertThat(network.guePorts()).isEmpty();
      assertThat(refused(() -> network.openGuePort(GuePort.of(6080))))
          .isExactlyInstanceOf(NotFoundException.class)
          .hasMessage(
              "cannot open GUE port 6080 gue (netlink): the kernel has no generic netlink family"
                  + " fou [2]. Load the module: modprobe fou");
    } finally {
      DirectorNamespace.host("sysctl", "-qw", "kernel.modprobe=" + helper);
    }
    DirectorNamespace.host("modprobe", "-a", "fou", "fou6");
    for (GuePort port : List.of(GuePort.of(6080), new GuePort(6081, AddressFamily.IPV6))) {
      network.openGuePort(port);
      assertThat(network.guePorts()).containsExactly(port);
      assertThat(namespace.run("ip", "fou", "show")).contains("port " + port.port() + " gue");
      assertThat(refused(() -> network.openGuePort(port)))
          .isExactlyInstanceOf(AlreadyExistsException.class)
          .hasMessageContaining("the port is in use");
      network.closeGuePort(port);
      assertThat(refused(() -> network.closeGuePort(port)))
          .isExactlyInstanceOf(NotFoundException.class)
          .hasMessageContaining("the port is not open");
    }
  }

  // -- the socket ---------------------------------------------------------------------------------

  /** Sockets on which, from a moment on, one send goes unanswered or does not even arrive. */
  private final class Silence extends DisturbedSockets {

    private final boolean arrives;
    private final AtomicBoolean armed = new AtomicBoolean();
    private volatile NetlinkSocket silent;

    Silence(boolean arrives) {
      super(namespace.namespace(), 64 * 1024);
      this.arrives = arrives;
    }

    @Override
    void send(NetlinkSocket real, ByteBuffer datagram) {
      if (armed.getAndSet(false)) {
        silent = real;
        if (!arrives) {
          return;
        }
      }
      super.send(real, datagram);
    }

    @Override
    int receive(NetlinkSocket real, ByteBuffer into) {
      return real == silent ? -EAGAIN : super.receive(real, into);
    }
  }

  @Test
  void changeWhoseAnswerIsLostIsFoundDoneOrNotDone() {
    for (boolean arrives : new boolean[] {true, false}) {
      Silence sockets = new Silence(arrives);
      Tunnel tunnel = Tunnel.ipip("tun1").local("192.0.2.254");
      try (HostNetwork disturbed = new NetlinkHostNetwork(sockets, Duration.ofSeconds(2))) {
        sockets.armed.set(true);
        LvsException error = refused(() -> disturbed.createTunnel(tunnel));
        if (arrives) {
          assertThat(error).isNull();
          assertThat(ip("link", "show", "dev", "tun1")).hasSize(1);
          disturbed.deleteLink("tun1");
        } else {
          assertThat(error)
              .isExactlyInstanceOf(TimeoutException.class)
              .hasMessage(
                  "cannot create tunnel tun1 ipip local 192.0.2.254 remote any (netlink): the"
                      + " kernel did not answer before the deadline. The state read afterwards"
                      + " shows that it was not carried out");
          assertThat(disturbed.link("tun1")).isEmpty();
        }
      }
    }
  }

  @Test
  void threadsShareANetwork() throws Exception {
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String prefix = "10.9." + i + ".";
      Thread thread =
          new Thread(
              () -> {
                for (int j = 1; j <= 20; j++) {
                  network.addAddress("eth0", LinkAddress.parse(prefix + j));
                  assertThat(network.addresses().toString()).contains(prefix + j + "/32");
                }
              });
      thread.setUncaughtExceptionHandler((failed, error) -> failures.add(error));
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(ip("-4", "addr", "show", "dev", "eth0").get(0).get("addr_info")).hasSize(81);
  }

  @Test
  void namespaceIsEnteredByPathToo() {
    NetworkNamespace path = new NetworkNamespace(Path.of("/run/netns", namespace.name()));
    try (HostNetwork other = HostNetwork.open(new DriverOptions(Optional.of(path), DEADLINE))) {
      assertThat(other.link("eth0").map(Link::kind)).contains("dummy");
    }
    try (HostNetwork own = HostNetwork.open()) {
      assertThat(own.addresses().toString()).doesNotContain("192.0.2.254");
    }
  }
}
