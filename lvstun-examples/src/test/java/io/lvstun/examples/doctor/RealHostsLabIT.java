// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.examples.doctor.DoctorRun.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * States of hosts that people report: whether packets get through, and what is said of it. All of
 * one role are tried after another on one cluster, as examinations are what takes time.
 */
class RealHostsLabIT {

  private Patient patient;
  private final List<String> problems = new ArrayList<>();

  @BeforeEach
  void start() {
    patient = Patient.routed();
    patient.apply(Service.IPIP);
  }

  @AfterEach
  void end() {
    patient.close();
  }

  /** Whether requests are answered, and the checks that must say FAIL; a probe need not tell. */
  private void state(
      String what, String host, String begin, String end, boolean flows, String... failing) {
    lab(host).run("sh", "-ec", begin);
    try {
      if (patient.flows(Traffic.REQUESTS) != flows) {
        problems.add(what + ": requests are " + (flows ? "not " : "") + "answered");
      }
      List<Found> found = patient.check(patient.everybody(), "--sample", "0s", "--no-probes");
      List<String> failed =
          found.stream()
              .filter(one -> one.status().equals("FAIL"))
              .map(one -> one.code() + " " + one.host())
              .toList();
      List<String> wanted = List.of(failing);
      if (!failed.equals(wanted)) {
        problems.add(what + ": expected " + wanted + ", found\n" + Patient.untrue(found));
      } else if (wanted.isEmpty() && !Patient.untrue(found).isEmpty()) {
        problems.add(what + ": untrue\n" + Patient.untrue(found));
      }
    } finally {
      lab(host).run("sh", "-ec", end);
    }
  }

  private io.lvstun.examples.lab.LabHost lab(String host) {
    return host.equals("director") ? patient.cluster().director() : patient.cluster().realServer(1);
  }

  @Test
  @Timeout(value = 9, unit = TimeUnit.MINUTES)
  void ofRealServers() {
    String sets =
        "nft 'add table inet fw; add set inet fw directors { type ipv4_addr; flags interval; };"
            + " add set inet fw ports { type inet_service; elements = { 22, 80 }; };"
            + " add chain inet fw in { type filter hook input priority 0; policy drop; };"
            + " add rule inet fw in ct state vmap { established : accept, invalid : drop };"
            + " add rule inet fw in ip protocol 4 ip saddr @directors accept;"
            + " add rule inet fw in meta l4proto { icmp, ipv6-icmp } accept;"
            + " add rule inet fw in tcp dport @ports accept'";
    String end = "nft delete table inet fw";
    state(
        "elements of a set let the tunnel in",
        "rs1",
        sets + "; nft 'add element inet fw directors { 192.168.1.0/24 }'",
        end,
        true);
    state("a set is empty", "rs1", sets, end, false, "FW-001 rs1");
    state(
        "a chain of the card drops tunnels",
        "rs1",
        "nft 'add table netdev f; add chain netdev f in { type filter hook ingress device eth0"
            + " priority 0; }; add rule netdev f in ip protocol 4 counter drop'",
        "nft delete table netdev f",
        false,
        "FW-001 rs1");
    state(
        "a policy rule leaves no way back",
        "rs1",
        "ip route add unreachable default table 100; ip rule add from 192.168.1.200 lookup 100 prio"
            + " 100",
        "ip rule del prio 100; ip route flush table 100",
        false,
        "TUN-014 rs1");
    state(
        "address translation takes the virtual address",
        "rs1",
        "ip address del 192.168.1.200/32 dev tunl0; ip address add 192.0.2.77/32 dev tunl0; nft"
            + " 'add table ip n; add chain ip n pre { type nat hook prerouting priority -100; };"
            + " add rule ip n pre iifname tunl0 ip daddr 192.168.1.200 tcp dport 80 dnat to"
            + " 192.168.2.101'",
        "nft delete table ip n; ip address del 192.0.2.77/32 dev tunl0; ip address add"
            + " 192.168.1.200/32 dev tunl0",
        true);
    assertThat(String.join("\n", problems)).isEmpty();
  }

  @Test
  @Timeout(value = 9, unit = TimeUnit.MINUTES)
  void ofDirectors() {
    String stateful =
        "nft 'add table inet s; add chain inet s in { type filter hook input priority 0; }; add"
            + " rule inet s in ct state established,related accept; add rule inet s in tcp dport 80"
            + " ct state new accept; add rule inet s in tcp dport 80 drop'";
    String end = "nft delete table inet s";
    state("later packets are new again", "director", stateful, end, true);
    state(
        "later packets are invalid",
        "director",
        "sysctl -qw net.netfilter.nf_conntrack_tcp_loose=0; " + stateful,
        "sysctl -qw net.netfilter.nf_conntrack_tcp_loose=1; " + end,
        false,
        "FW-004 director");
    state(
        "a rule names the client",
        "director",
        "iptables -t raw -A PREROUTING -s 10.0.0.0/24 -j DROP",
        "iptables -t raw -D PREROUTING -s 10.0.0.0/24 -j DROP",
        false,
        "FW-004 director");
    state(
        "a set names the protocol",
        "director",
        "nft 'add table inet s; add set inet s p { type inet_proto; elements = { 4 }; }; add chain"
            + " inet s out { type filter hook output priority 0; }; add rule inet s out ip protocol"
            + " @p drop'",
        end,
        false,
        "FW-003 director");
    assertThat(String.join("\n", problems)).isEmpty();
  }

  @Test
  @Timeout(value = 9, unit = TimeUnit.MINUTES)
  void withManyInterfaces() {
    state(
        "120 interfaces of containers",
        "rs1",
        "for i in $(seq 60); do echo link add c$i type veth peer name d$i; done | ip -batch -",
        "for i in $(seq 60); do echo link del c$i; done | ip -batch -",
        true);
    assertThat(String.join("\n", problems)).isEmpty();
  }
}
