// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import java.util.List;
import java.util.stream.Stream;

/**
 * What is broken on purpose, and what the doctor must call it. {@code rs1} is the one that is
 * broken; {@code rs2} must stay above suspicion.
 */
final class Faults {

  private static final String VIP = "192.168.1.200";
  private static final String RP_FILTER = "sysctl -qw net.ipv4.conf.%s.rp_filter=%d";

  /** The first real server announces what its card takes. */
  private static final String NO_CLAMP = "ip route change default via 192.168.2.1 dev eth0";

  private static final String FORGET = "ip neigh flush dev eth0";

  /** What real servers announce fits into every tunnel. */
  static final String CLAMP =
      "ip route change default via 192.168.%1$d.1 dev eth0 advmss 1400;"
          + " ip -6 route change default via fd00:192:168:%1$d::1 dev eth0 advmss 1300";

  /** Clients remember what they were told of the path. */
  private static final String FORGET_MTU = "ip route flush cache";

  private static final String UPLOAD_ON_AND_ON =
      "(while :; do ip route flush cache; head -c 30000 /dev/zero"
          + " | curl -s -m 5 -o /dev/null --data-binary @- -H Expect: http://"
          + VIP
          + "/; done) >/dev/null 2>&1 </dev/null & echo $! >/tmp/uploads.pid";

  private Faults() {}

  /** Of tunnel devices, their module, and the virtual address. */
  static List<Fault> tunnels() {
    return List.of(
        tunnelDown()
            .probed("PRB-001", "client")
            .probed("PRB-002", "director")
            .probed("PRB-004", "client"),
        addressMissing(),
        Fault.of("the virtual address is missing on a real server that forwards")
            .likeAnother()
            .inject("rs1", "ip address delete " + VIP + "/32 dev tunl0")
            .inject("rs1", "sysctl -qw net.ipv4.ip_forward=1")
            .undo("rs1", "sysctl -qw net.ipv4.ip_forward=0")
            .undo("rs1", "ip address replace " + VIP + "/32 dev tunl0")
            .fails("TUN-002", "rs1")
            .fails("TUN-003", "rs1"),
        Fault.of("the virtual address is on lo alone, and rp_filter is loose")
            .likeAnother()
            .inject("rs1", "ip address delete " + VIP + "/32 dev tunl0")
            .inject("rs1", "ip address replace " + VIP + "/32 dev lo")
            .inject("rs1", RP_FILTER.formatted("tunl0", 2))
            .undo("rs1", RP_FILTER.formatted("tunl0", 0))
            .undo("rs1", "ip address delete " + VIP + "/32 dev lo")
            .undo("rs1", "ip address replace " + VIP + "/32 dev tunl0")
            .fails("TUN-004", "rs1"),
        // Which route it should be only its operator knows.
        Fault.of("no route leads from the virtual address to clients")
            .likeAnother()
            .inject("rs1", "ip route add unreachable default table 100")
            .inject("rs1", "ip rule add from " + VIP + " lookup 100 prio 100")
            .undo("rs1", "ip rule del prio 100")
            .undo("rs1", "ip route flush table 100")
            .fails("TUN-014", "rs1")
            .probed("PRB-001", "client")
            .probed("PRB-002", "director")
            .probed("PRB-004", "client"),
        Fault.of("the virtual address has a network with it")
            .inject("rs1", "ip address delete " + VIP + "/32 dev tunl0")
            .inject("rs1", "ip address add " + VIP + "/24 dev tunl0")
            .undo("rs1", "ip address flush dev tunl0")
            .undo("rs1", "ip address replace " + VIP + "/32 dev tunl0")
            .warns("TUN-008", "rs1")
            .harmless(),
        Fault.of("another tunnel device goes before tunl0")
            .likeAnother()
            .inject("rs1", "ip link add ipip0 type ipip external")
            .inject("rs1", RP_FILTER.formatted("ipip0", 1))
            .inject("rs1", "ip link set ipip0 up")
            .undo("rs1", "ip link delete ipip0")
            .warns("TUN-005", "rs1")
            .also("TUN-004", "RPF-001"),
        tunnelDown().with(Service.GUE).likeAnother(),
        guePortClosed(),
        Fault.of("the device for tunnels over IPv6 takes IPv6 alone")
            .with(Service.IPV4_OVER_IPV6)
            .inject("rs1", "ip -6 tunnel change ip6tnl0 mode ip6ip6")
            .undo("rs1", "ip -6 tunnel change ip6tnl0 mode any")
            .fails("V6-001", "rs1"),
        Fault.of("the device for IPv6 in IPv4 is down")
            .likeAnother()
            .with(Service.IPV6_OVER_IPV4)
            .inject("rs1", "ip link set sit0 down")
            .undo("rs1", "ip link set sit0 up")
            .fails("V6-002", "rs1"),
        moduleMissing());
  }

  /** Of the way back, and of packet filters. */
  static List<Fault> filters() {
    return List.of(
        strictFilter(),
        Fault.of("rp_filter of all devices wins over that of tunl0")
            .likeAnother()
            .inject("rs1", RP_FILTER.formatted("all", 1))
            .undo("rs1", RP_FILTER.formatted("all", 0))
            .fails("RPF-002", "rs1")
            .fails("RPF-001", "rs1"),
        Fault.of("a rule of the packet filter checks the way back")
            .likeAnother()
            .inject(
                "rs1",
                "nft 'add table ip f; add chain ip f p { type filter hook prerouting priority raw;"
                    + " }; add rule ip f p fib saddr . iif oif missing drop'")
            .undo("rs1", "nft delete table ip f")
            .fails("RPF-004", "rs1"),
        virtualSource(),
        strictFilter().with(Service.GUE).likeAnother(),
        outerDropped(),
        Fault.of("the real server's filter of iptables-legacy drops the tunnel")
            .inject("rs1", "iptables-legacy -A INPUT -p 4 -j DROP")
            .undo("rs1", "iptables-legacy -D INPUT -p 4 -j DROP")
            .fails("FW-001", "rs1"),
        Fault.of("the real server's filter drops what comes out of the tunnel")
            .likeAnother()
            .inject(
                "rs1",
                "nft 'add table inet f; add chain inet f in { type filter hook input priority"
                    + " filter; policy drop; }; add rule inet f in ip saddr 192.168.1.100 ip"
                    + " protocol 4 accept; add rule inet f in ip protocol icmp accept; add rule"
                    + " inet f in meta nfproto ipv6 accept; add rule inet f in iifname eth0 tcp"
                    + " dport 80 accept'")
            .undo("rs1", "nft delete table inet f")
            .fails("FW-002", "rs1"),
        Fault.of("the director's filter drops the tunnels on their way out")
            .likeAnother()
            .inject(
                "director",
                "nft 'add table ip f; add chain ip f out { type filter hook output priority"
                    + " filter; }; add rule ip f out ip protocol 4 drop'")
            .undo("director", "nft delete table ip f")
            .fails("FW-003", "director"),
        statefulDirector(),
        Fault.of("the real server's filter drops UDP to the tunnel's port")
            .likeAnother()
            .with(Service.GUE)
            .inject(
                "rs1",
                "nft 'add table ip f; add chain ip f in { type filter hook input priority filter;"
                    + " }; add rule ip f in udp dport 6080 drop'")
            .undo("rs1", "nft delete table ip f")
            .fails("FW-001", "rs1"));
  }

  /** Of packets that are too large for the tunnels. */
  static List<Fault> sizes() {
    return List.of(
        Fault.of("a real server announces an MSS that does not fit")
            .inject("rs1", NO_CLAMP)
            .undo("rs1", CLAMP.formatted(2))
            .warns("MTU-002", "rs1")
            .warns("MTU-001", "director")
            .also("MTU-004", "MTU-005")
            .onAll()
            .seenBy(Traffic.UPLOADS)
            .harmless(),
        Fault.of("clients must be told over and over to send less")
            .likeAnother()
            .inject("rs1", NO_CLAMP)
            .inject("client", UPLOAD_ON_AND_ON)
            .undo("client", "kill $(cat /tmp/uploads.pid); rm /tmp/uploads.pid; " + FORGET_MTU)
            .undo("rs1", CLAMP.formatted(2))
            .warns("MTU-002", "rs1")
            .warns("MTU-001", "director")
            .warns("MTU-004", "director")
            .also("MTU-005")
            .onAll()
            .seenBy(Traffic.UPLOADS)
            .harmless(),
        Fault.of("nobody tells clients that their packets are too large")
            .likeAnother()
            .forget("client", FORGET_MTU)
            .before("rs1", NO_CLAMP)
            .inject(
                "director",
                "nft 'add table ip f; add chain ip f out { type filter hook output priority"
                    + " filter; }; add rule ip f out icmp type destination-unreachable drop'")
            .undo("director", "nft delete table ip f")
            .undo("rs1", CLAMP.formatted(2))
            .fails("FW-005", "director")
            .probed("PRB-003", "client")
            .also("MTU-001", "MTU-002", "MTU-004", "MTU-005")
            .seenBy(Traffic.UPLOADS),
        Fault.of("the director breaks packets into fragments")
            .likeAnother()
            .inject("director", "sysctl -qw net.ipv4.vs.pmtu_disc=0")
            .undo("director", "sysctl -qw net.ipv4.vs.pmtu_disc=1")
            .warns("MTU-003", "director")
            .seenBy(Traffic.UPLOADS)
            .harmless());
  }

  static List<Fault> twoAtOnce() {
    return List.of(strictFilter().and(statefulDirector()), outerDropped().and(strictFilter()));
  }

  /** On one wire: real servers must keep quiet about the virtual address. */
  static List<Fault> flat() {
    return List.of(
        Fault.of("arp_ignore is set on the tunnel device alone")
            .inject("rs1", "sysctl -qw net.ipv4.conf.all.arp_ignore=0")
            .inject("rs1", "sysctl -qw net.ipv4.conf.tunl0.arp_ignore=1")
            .inject(
                "client",
                "ip neigh replace "
                    + VIP
                    + " dev eth0 nud stale lladdr"
                    + " $(ip netns exec rs1 cat /sys/class/net/eth0/address)")
            .undo("rs1", "sysctl -qw net.ipv4.conf.tunl0.arp_ignore=0")
            .undo("rs1", "sysctl -qw net.ipv4.conf.all.arp_ignore=1")
            .undo("client", FORGET)
            .fails("ARP-001", "rs1")
            .warns("ARP-002", "rs1")
            .fails("ARP-004", "client")
            .seenByNeighbours()
            .harmless(),
        Fault.of("arp_announce is left as it was")
            .likeAnother()
            .inject("rs1", "sysctl -qw net.ipv4.conf.all.arp_announce=0")
            .undo("rs1", "sysctl -qw net.ipv4.conf.all.arp_announce=2")
            .undo("client", FORGET)
            .fails("ARP-003", "rs1")
            .also("ARP-004")
            .seenByNeighbours()
            .harmless());
  }

  /** All of them. */
  static List<Fault> all() {
    return Stream.of(tunnels(), filters(), sizes(), twoAtOnce(), flat())
        .flatMap(List::stream)
        .toList();
  }

  /** Without the module all real servers are broken, and their tunnel devices gone. */
  private static Fault moduleMissing() {
    String again =
        "ip link set tunl0 up; ip address replace "
            + VIP
            + "/32 dev tunl0; sysctl -qw net.ipv4.conf.tunl0.rp_filter=0";
    return Fault.of("the module ipip is not loaded")
        .inject("rs1", "modprobe -r ipip")
        .undo("rs1", "modprobe ipip")
        .undo("rs1", again)
        .undo("rs2", again)
        .fails("KRN-003", "rs1")
        .fails("KRN-003", "rs2")
        .also("TUN-002")
        .onAll();
  }

  private static Fault tunnelDown() {
    return Fault.of("the tunnel device is down")
        .inject("rs1", "ip link set tunl0 down")
        .undo("rs1", "ip link set tunl0 up")
        .fails("TUN-001", "rs1");
  }

  private static Fault strictFilter() {
    return Fault.of("rp_filter of tunl0 is strict")
        .inject("rs1", RP_FILTER.formatted("tunl0", 1))
        .undo("rs1", RP_FILTER.formatted("tunl0", 0))
        .fails("RPF-001", "rs1");
  }

  private static Fault outerDropped() {
    return Fault.of("the real server's filter drops the tunnel")
        .inject(
            "rs1",
            "nft 'add table ip f; add chain ip f in { type filter hook input priority filter; };"
                + " add rule ip f in ip protocol 4 drop'")
        .undo("rs1", "nft delete table ip f")
        .fails("FW-001", "rs1");
  }

  private static Fault statefulDirector() {
    return Fault.of("the director's filter asks for a state")
        .inject(
            "director",
            "nft 'add table inet s; add chain inet s in { type filter hook input priority filter;"
                + " policy drop; }; add rule inet s in ct state established,related accept; add"
                + " rule inet s in ct state invalid drop; add rule inet s in tcp dport 80 tcp flags"
                + " & (syn|ack) == syn accept; add rule inet s in meta l4proto { icmp, ipv6-icmp }"
                + " accept; add rule inet s in iifname lo accept'")
        .undo("director", "nft delete table inet s")
        .fails("FW-004", "director")
        .also("RPF-008");
  }

  private static Fault addressMissing() {
    return Fault.of("the virtual address is missing on the real server")
        .inject("rs1", "ip address delete " + VIP + "/32 dev tunl0")
        .undo("rs1", "ip address replace " + VIP + "/32 dev tunl0")
        .fails("TUN-002", "rs1");
  }

  static Fault virtualSource() {
    return Fault.of("the director tunnels with the virtual address as source")
        .inject("director", "ip route change default via 192.168.1.1 dev eth0 src " + VIP)
        .undo("director", "ip route change default via 192.168.1.1 dev eth0")
        .fails("RPF-005", "director");
  }

  private static Fault guePortClosed() {
    return Fault.of("the real server does not take GUE on the director's port")
        .with(Service.GUE)
        .inject("rs1", "ip fou del port 6080")
        .undo("rs1", "ip fou add port 6080 gue")
        .fails("TUN-011", "rs1");
  }
}
