// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.firewall.Firewall;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.firewall.Firewall.Outcome;
import io.lvstun.diagnostics.facts.firewall.Firewall.Verdict;
import io.lvstun.diagnostics.facts.firewall.Packet;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.examples.lab.Topology;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random packet filters of a real kernel: what the doctor says of a packet is what becomes of it.
 * The packets are UDP over the loopback device of the guest, which delivers them before the call
 * that sends them returns, or never. {@code -Dlvstun.seed} repeats a run.
 */
class FilterDifferenceLabIT {

  private static final int UDP = 17;
  private static final int[] PORTS = {2001, 2002, 2003, 2004};
  private static final int PACKETS = 6;

  private static final List<String> FAMILIES = List.of("ip", "inet");
  private static final List<String> HOOKS = List.of("prerouting", "input", "output", "postrouting");

  @BeforeAll
  static void loadConnectionTracking() {
    // Its first use would be in the midst of a packet.
    Topology.tutorial().start().close();
    run("", "modprobe", "nf_conntrack");
    run("", "ip", "link", "set", "lo", "up");
  }

  @AfterEach
  void flush() {
    run("", "nft", "flush", "ruleset");
  }

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void verdictIsWhatBecomesOfPackets() throws IOException {
    differences(100);
  }

  @Test
  @Tag("deep")
  @Timeout(value = 3, unit = TimeUnit.HOURS)
  void verdictIsWhatBecomesOfPacketsInThousandsOfStates() throws IOException {
    differences(3000);
  }

  private void differences(int states) throws IOException {
    long seed = Long.getLong("lvstun.seed", 20261130L);
    List<String> differences = new ArrayList<>();
    int doubts = 0;
    int sent = 0;
    int dropped = 0;
    for (int state = 0; state < states; state++) {
      Random random = new Random(seed + state);
      String rules = ruleSet(random);
      // Some rules contradict themselves, which nft refuses.
      while (!attempt("flush ruleset\n" + rules, "nft", "-f", "-").done()) {
        rules = ruleSet(random);
      }
      Firewall firewall = firewall();
      for (int i = 0; i < PACKETS; i++) {
        InetAddress source = IpAddress.parse("127.0.0." + (1 + random.nextInt(4)));
        InetAddress target = IpAddress.parse("127.0.1." + (1 + random.nextInt(4)));
        int port = PORTS[random.nextInt(PORTS.length)];
        Sent one = send(source, target, port);
        Packet packet =
            Packet.ipv4(UDP)
                .from(source)
                .to(target)
                .fromPort(one.from())
                .toPort(port)
                .inState("new");
        Verdict verdict = walk(firewall, packet);
        sent++;
        dropped += one.arrived() ? 0 : 1;
        if (verdict.outcome() == Outcome.UNCERTAIN) {
          doubts++;
        } else if ((verdict.outcome() == Outcome.ACCEPT) != one.arrived()) {
          differences.add(
              "seed "
                  + (seed + state)
                  + ": "
                  + packet
                  + " arrived "
                  + one.arrived()
                  + ", said "
                  + verdict
                  + "\n"
                  + rules);
        }
      }
    }
    System.Logger log = System.getLogger(FilterDifferenceLabIT.class.getName());
    log.log(
        System.Logger.Level.INFO,
        "{0} packets, {1} dropped, {2} uncertain, {3} differences, seed {4}",
        sent,
        dropped,
        doubts,
        differences.size(),
        Long.toString(seed));
    assertThat(String.join("\n", differences)).as("%d differences", differences.size()).isEmpty();
    // Were nothing dropped, or all, or nothing judged, it would prove little.
    assertThat(dropped).isBetween(sent / 10, sent * 9 / 10);
    assertThat(doubts).as("not judged").isLessThan(sent / 20);
  }

  private static Verdict walk(Firewall firewall, Packet packet) {
    Verdict last = new Verdict(Outcome.ACCEPT, Optional.empty(), Optional.empty());
    for (Hook hook : List.of(Hook.OUTPUT, Hook.POSTROUTING)) {
      Verdict verdict = firewall.walk(hook, packet.leavingBy("lo"));
      last = verdict.outcome() == Outcome.ACCEPT ? last : verdict;
      if (verdict.outcome() == Outcome.DROP) {
        return verdict;
      }
    }
    for (Hook hook : List.of(Hook.INGRESS, Hook.PREROUTING, Hook.INPUT)) {
      Verdict verdict = firewall.walk(hook, packet.arrivingOn("lo"));
      last = verdict.outcome() == Outcome.ACCEPT ? last : verdict;
      if (verdict.outcome() == Outcome.DROP) {
        return verdict;
      }
    }
    return last;
  }

  // ---- random rules ----

  private static String pick(Random random, List<String> words) {
    return words.get(random.nextInt(words.size()));
  }

  private static String ruleSet(Random random) {
    StringBuilder text = new StringBuilder();
    int tables = 1 + random.nextInt(2);
    for (int table = 0; table < tables; table++) {
      boolean netdev = random.nextInt(5) == 0;
      String family = netdev ? "netdev" : pick(random, FAMILIES);
      text.append("table ").append(family).append(" t").append(table).append(" {\n");
      text.append("  set ports { type inet_service; flags interval; ")
          .append(elements(random, List.of("2001", "2002-2003", "2004")))
          .append("}\n  set hosts { type ipv4_addr; flags interval; ")
          .append(
              elements(random, List.of("127.0.0.1", "127.0.0.2/31", "127.0.1.0/30", "127.0.1.4")))
          .append("}\n  set protocols { type inet_proto; ")
          .append(elements(random, List.of("udp", "ipencap", "tcp")))
          .append("}\n  map verdicts { type inet_service : verdict; ")
          .append(elements(random, List.of("2001 : drop", "2002 : accept", "2003 : return")))
          .append("}\n");
      for (int chain = 2; chain >= 1; chain--) {
        text.append("  chain c").append(chain).append(" {\n");
        rules(random, text, netdev, chain == 2 ? List.of() : List.of("c2"));
        text.append("  }\n");
      }
      int bases = 1 + random.nextInt(2);
      for (int base = 0; base < bases; base++) {
        text.append("  chain b").append(base).append(" {\n    type filter hook ");
        if (netdev) {
          text.append("ingress device lo");
        } else {
          text.append(pick(random, HOOKS));
        }
        text.append(" priority ")
            .append(pick(random, List.of("-300", "-150", "0", "10")))
            .append("; policy ")
            .append(random.nextInt(5) == 0 ? "drop" : "accept")
            .append(";\n");
        rules(random, text, netdev, List.of("c1", "c2"));
        text.append("  }\n");
      }
      text.append("}\n");
    }
    return text.toString();
  }

  private static String elements(Random random, List<String> all) {
    List<String> some = all.stream().filter(element -> random.nextBoolean()).toList();
    return some.isEmpty() ? "" : "elements = { " + String.join(", ", some) + " } ";
  }

  private static void rules(
      Random random, StringBuilder text, boolean netdev, List<String> chains) {
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      text.append("    ");
      int conditions = random.nextInt(3);
      for (int condition = 0; condition < conditions; condition++) {
        text.append(condition(random, netdev)).append(' ');
      }
      if (random.nextInt(3) == 0) {
        text.append("counter ");
      }
      text.append(verdict(random, chains)).append('\n');
    }
  }

  private static String condition(Random random, boolean netdev) {
    String not = random.nextInt(4) == 0 ? "!= " : "";
    return switch (random.nextInt(netdev ? 9 : 13)) {
      case 0 -> "udp dport " + not + pick(random, List.of("2001", "2002-2003", "{ 2001, 2004 }"));
      case 1 -> "udp dport " + not + "@ports";
      case 2 -> "ip saddr " + not + pick(random, List.of("127.0.0.1", "127.0.0.2/31", "@hosts"));
      case 3 ->
          "ip daddr " + not + pick(random, List.of("127.0.1.1", "127.0.1.2-127.0.1.3", "@hosts"));
      case 4 -> "meta l4proto " + not + pick(random, List.of("udp", "tcp", "{ tcp, udp }"));
      case 5 -> "ip protocol " + not + "@protocols";
      case 6 -> "th dport " + not + "2003";
      case 7 -> "udp sport 1024-65535";
      case 8 -> "ip protocol " + not + pick(random, List.of("udp", "4"));
      case 9 -> "ct state " + pick(random, List.of("new", "established", "invalid", "untracked"));
      case 10 -> "ct state { established, new }";
      case 11 -> "iifname " + not + pick(random, List.of("lo", "\"l*\"", "eth0"));
      default -> "oifname " + not + pick(random, List.of("lo", "eth0"));
    };
  }

  private static String verdict(Random random, List<String> chains) {
    int kind = random.nextInt(chains.isEmpty() ? 7 : 10);
    return switch (kind) {
      case 0, 1 -> "accept";
      case 2, 3 -> "drop";
      case 4 -> "return";
      case 5 -> "udp dport vmap @verdicts";
      case 6 -> "udp dport vmap { 2001 : accept, 2002 : drop, 2004 : continue }";
      case 7 -> "goto " + pick(random, chains);
      default -> "jump " + pick(random, chains);
    };
  }

  // ---- the kernel ----

  private record Sent(boolean arrived, int from) {}

  private static Sent send(InetAddress source, InetAddress target, int port) throws IOException {
    try (DatagramSocket server = new DatagramSocket(new InetSocketAddress(target, port));
        DatagramSocket client = new DatagramSocket(new InetSocketAddress(source, 0))) {
      server.setSoTimeout(100);
      try {
        client.send(new DatagramPacket(new byte[] {1}, 1, target, port));
      } catch (IOException e) {
        // What OUTPUT drops, the sender is told of.
        return new Sent(false, client.getLocalPort());
      }
      try {
        server.receive(new DatagramPacket(new byte[1], 1));
        return new Sent(true, client.getLocalPort());
      } catch (SocketTimeoutException e) {
        return new Sent(false, client.getLocalPort());
      }
    }
  }

  private static Firewall firewall() {
    return Firewall.of(
            HostFacts.of(
                "local",
                Instant.EPOCH,
                Duration.ZERO,
                1,
                List.of(
                    Section.read("nft.json", "nft", run("", "nft", "-j", "-t", "list", "ruleset")),
                    Section.read("nft.elements", "nft", run("", "nft", "-j", "list", "ruleset")))))
        .get();
  }

  private static String run(String input, String... command) {
    Attempt attempt = attempt(input, command);
    assertThat(attempt.done()).as("%s\n%s", List.of(command), attempt.output()).isTrue();
    return attempt.output();
  }

  private record Attempt(boolean done, String output) {}

  private static Attempt attempt(String input, String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Attempt(process.waitFor() == 0, output);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
