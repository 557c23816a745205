// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.machine;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.Decapsulation;
import io.lvstun.diagnostics.check.relation.SkipReasons;
import io.lvstun.diagnostics.facts.link.EthernetCard;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.machine.KernelCounters;
import io.lvstun.diagnostics.facts.machine.Processors;
import io.lvstun.diagnostics.facts.machine.Processors.Interrupt;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.host.ManualChange;
import io.lvstun.host.Risk;
import io.lvstun.host.RunCommand;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * NIC: cards, queues, interrupts and offloads.
 *
 * @since 0.1.0
 */
public final class NicChecks {

  /** Soft interrupts a second below which one processor is enough. */
  private static final double BUSY = 5000;

  private static final double SKEW = 0.8;

  private NicChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of("NIC-001", "tunnel-packets-spread-over-processors")
            .title("Decapsulated packets are spread over the processors")
            .severity(Severity.WARN)
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("One processor is busy with soft interrupts, the others idle")
            .why(
                "All packets of a tunnel have the same outer addresses, by which cards choose the"
                    + " receive queue: all of them come to one.")
            .remedy(
                "Receive packet steering (RPS) looks inside the tunnel; GUE has a source port for"
                    + " each connection, which cards can hash.")
            .source("Linux net/core/flow_dissector.c; katran README and issue 111")
            .examine(NicChecks::spread),
        Check.of("NIC-002", "tunnel-device-single-queue")
            .title("No tunnel device is expected to have several queues")
            .severity(Severity.INFO)
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.TUNNEL_UP)
            .symptom("The tunnel device has one receive queue")
            .why("Tunnel devices have one queue; what counts is the card below them.")
            .remedy("Switch receive packet steering on for the card below.")
            .source("Calico issue 1702")
            .examine(NicChecks::singleQueue),
        Check.of("NIC-003", "queues-use-all-processors")
            .title("The card's queues and interrupts use all processors")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR, Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Throughput ends where one processor is at its end")
            .why(
                "With fewer queues than processors, or all interrupts on one of them, the others"
                    + " have nothing to receive.")
            .remedy("ethtool -L; irqbalance, or an affinity for each interrupt.")
            .examine(NicChecks::queues),
        Check.of(Codes.NO_LARGE_RECEIVE_OFFLOAD, "no-large-receive-offload")
            .title("Large receive offload is off")
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Giant frames, lost packets, bad throughput")
            .why(
                "LRO joins packets in a way that cannot be undone when they are sent on. The kernel"
                    + " switches it off where ip_forward is 1, which a director in tunnelling mode"
                    + " does not need.")
            .remedy("ethtool -K DEVICE lro off.")
            .source("Linux net/ipv4/devinet.c, inet_forward_change")
            .examine(NicChecks::largeReceive),
        Check.of(Codes.TUNNEL_OFFLOAD_WORKS, "tunnel-offload-works")
            .title("The card does not corrupt tunnelled packets")
            .on(Role.DIRECTOR, Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Tunnelled packets arrive with wrong checksums, or not at all")
            .why(
                "Some cards compute checksums and segments of packets within packets wrongly;"
                    + " vmxnet3 is known for it.")
            .remedy("ethtool -K DEVICE tx-ipxip4-segmentation off, or tx off.")
            .source("vmware/photon issue 1047")
            .examine(NicChecks::offload),
        Check.of("NIC-006", "rings-large-enough")
            .title("The card drops no packets for lack of buffers")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR, Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Packets are lost in bursts")
            .why("Packets that come while the ring is full are dropped by the card.")
            .remedy("ethtool -G DEVICE rx MORE.")
            .source("ethtool(8)")
            .examine(NicChecks::rings));
  }

  private static List<EthernetCard> hardware(Subject subject) {
    return subject.facts().cards().get().stream()
        .filter(card -> !card.driver().isEmpty() && !card.driver().equals("veth"))
        .toList();
  }

  private static final String VIRTUAL = "the host has no network card of its own";

  // ---- NIC-001 ----

  private static Finding spread(Subject subject) {
    Processors processors = subject.facts().processors().get();
    if (processors.count() < 2) {
      return subject.skip("the host has one processor");
    }
    long total = processors.received().stream().mapToLong(Long::longValue).sum();
    double seconds = subject.facts().counters().get().window().toMillis() / 1000.0;
    if (seconds <= 0 || total / seconds < BUSY) {
      return subject.skip("too little is received to judge");
    }
    int busiest = processors.busiest().orElse(0);
    double share = (double) processors.received().get(busiest) / total;
    String said =
        String.format(
            Locale.ROOT, "processor %d receives %.0f %% of the packets", busiest, 100 * share);
    List<String> evidence = new ArrayList<>();
    for (int i = 0; i < processors.received().size(); i++) {
      evidence.add("CPU" + i + " NET_RX +" + processors.received().get(i));
    }
    if (share < SKEW) {
      return subject.pass(said).evidence("/proc/softirqs", String.join("\n", evidence)).finding();
    }
    String device = ingress(subject).orElse("eth0");
    return subject
        .warn(said)
        .expected("below " + Math.round(100 * SKEW) + " %")
        .evidence("/proc/softirqs", String.join("\n", evidence))
        .remedy(steering(subject, device, processors.count()))
        .finding();
  }

  private static Remedy steering(Subject subject, String device, int processors) {
    String mask = mask(processors);
    Map<String, String> queues =
        subject.facts().packetSteering().known().orElse(Map.of()).getOrDefault(device, Map.of());
    Remedy remedy =
        Remedy.manual(
            "Let all processors share the work: echo "
                + mask
                + " > /sys/class/net/"
                + device
                + "/queues/rx-0/rps_cpus, for each of its queues; systemd-tmpfiles --create does it"
                + " from the file named here. Or use GUE tunnels.");
    for (String queue : queues.isEmpty() ? Set.of("rx-0") : queues.keySet()) {
      remedy =
          remedy.lasting(
              "/etc/tmpfiles.d/lvstun.conf",
              "w /sys/class/net/" + device + "/queues/" + queue + "/rps_cpus - - - - " + mask);
    }
    return remedy;
  }

  /** All processors, as the kernel takes it: hexadecimal words of 32, separated by commas. */
  private static String mask(int processors) {
    StringBuilder mask = new StringBuilder();
    int first = processors % 32;
    if (first > 0) {
      mask.append(Long.toHexString((1L << first) - 1));
    }
    for (int i = 0; i < processors / 32; i++) {
      mask.append(mask.length() > 0 ? "," : "").append("ffffffff");
    }
    return mask.toString();
  }

  /** The card that the real server's tunnelled packets come in by. */
  private static Optional<String> ingress(Subject subject) {
    Cluster cluster = subject.cluster();
    return subject.facts().addresses().known().orElse(List.of()).stream()
        .filter(one -> cluster.realAddresses(subject.member()).contains(one.address()))
        .map(one -> one.device())
        .findFirst();
  }

  // ---- NIC-002 ----

  private static Finding singleQueue(Subject subject) {
    Optional<String> skip = SkipReasons.notIpip(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    Optional<LinkFacts> device = Decapsulation.ipip(subject.cluster(), subject.member()).device();
    int processors = subject.facts().processors().get().count();
    if (device.isEmpty() || processors < 2) {
      return subject.skip(
          device.isEmpty() ? "there is no tunnel device" : "the host has one processor");
    }
    Map<String, Map<String, String>> steering = subject.facts().packetSteering().get();
    String card = ingress(subject).orElse("eth0");
    int queues = steering.getOrDefault(device.get().name(), Map.of()).size();
    boolean steered =
        steering.getOrDefault(card, Map.of()).values().stream()
            .anyMatch(mask -> !mask.replaceAll("[0,]", "").isEmpty());
    if (queues > 1 || steered) {
      return subject
          .pass(steered ? "packet steering is on for " + card : queues + " queues")
          .finding();
    }
    return subject
        .note(
            device.get().name()
                + " has one queue, as all tunnel devices, and packet steering is off for "
                + card)
        .expected("under load: packet steering on for " + card)
        .finding();
  }

  // ---- NIC-003 ----

  private static Finding queues(Subject subject) {
    List<EthernetCard> cards = hardware(subject);
    if (cards.isEmpty()) {
      return subject.skip(VIRTUAL);
    }
    Processors processors = subject.facts().processors().get();
    boolean balanced = subject.facts().processes().known().orElse(Set.of()).contains("irqbalance");
    List<String> wrong = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    Remedy remedy = Remedy.of("Use all queues, and spread their interrupts.");
    for (EthernetCard card : cards) {
      int now = card.receiveQueues().orElse(0);
      int most = Math.min(card.mostReceiveQueues().orElse(0), processors.count());
      Set<String> serving = new LinkedHashSet<>();
      List<Interrupt> interrupts = processors.of(card.device());
      interrupts.forEach(one -> serving.add(one.processors()));
      seen.add(
          card.device()
              + " ("
              + card.driver()
              + "): "
              + now
              + " of "
              + card.mostReceiveQueues().orElse(0)
              + " queues, interrupts on processors "
              + String.join(" ", serving));
      if (now > 0 && now < most) {
        wrong.add(card.device() + " uses " + now + " of " + most + " possible queues");
        boolean combined = card.queuesMost().getOrDefault("Combined", 0) > 0;
        String kind = combined ? "combined" : "rx";
        remedy =
            remedy.then(
                new RunCommand(
                    List.of("ethtool", "-L", card.device(), kind, Integer.toString(most)),
                    List.of("ethtool", "-L", card.device(), kind, Integer.toString(now)),
                    Risk.DISRUPTIVE));
      }
      if (processors.count() > 1
          && interrupts.size() > 1
          && serving.size() == 1
          && serving.iterator().next().matches("\\d+")) {
        wrong.add(
            "all interrupts of "
                + card.device()
                + " are served by processor "
                + serving.iterator().next());
        remedy =
            remedy.then(
                new ManualChange(
                    balanced
                        ? "See why irqbalance leaves the interrupts of "
                            + card.device()
                            + " on one processor."
                        : "Install irqbalance, or set /proc/irq/N/smp_affinity_list for each"
                            + " interrupt of "
                            + card.device()
                            + "."));
      }
    }
    String evidence = String.join("\n", seen);
    if (wrong.isEmpty()) {
      return subject
          .pass("queues and interrupts are spread")
          .evidence("ethtool -l, /proc/irq", evidence)
          .finding();
    }
    return subject
        .warn(String.join("; ", wrong))
        .expected("as many queues as processors, each on a processor of its own")
        .evidence("ethtool -l, /proc/irq", evidence)
        .remedy(remedy)
        .finding();
  }

  // ---- NIC-004 ----

  private static Finding largeReceive(Subject subject) {
    String feature = "large-receive-offload";
    List<EthernetCard> cards = subject.facts().cards().get();
    if (cards.stream().noneMatch(card -> card.on(feature).isPresent())) {
      return subject.skip("no device has this feature");
    }
    List<EthernetCard> on = cards.stream().filter(card -> card.on(feature).orElse(false)).toList();
    if (on.isEmpty()) {
      return subject.pass("large receive offload is off").finding();
    }
    Remedy remedy = Remedy.of("Switch it off; and in the configuration of the interface as well.");
    List<String> names = new ArrayList<>();
    for (EthernetCard card : on) {
      names.add(card.device());
      remedy =
          remedy.then(
              card.fixed(feature)
                  ? new ManualChange("The driver of " + card.device() + " does not let it go off.")
                  : new RunCommand(
                      List.of("ethtool", "-K", card.device(), "lro", "off"),
                      List.of("ethtool", "-K", card.device(), "lro", "on"),
                      Risk.SAFE));
    }
    return subject
        .fail("large receive offload is on: " + String.join(", ", names))
        .expected("off")
        .evidenceLines("ethtool", "## features", feature)
        .remedy(remedy)
        .finding();
  }

  // ---- NIC-005 ----

  private static Finding offload(Subject subject) {
    String feature = "tx-ipxip4-segmentation";
    List<EthernetCard> suspects =
        hardware(subject).stream()
            .filter(card -> card.driver().equals("vmxnet3"))
            .filter(
                card -> card.on(feature).orElse(false) || card.on("tx-checksumming").orElse(false))
            .toList();
    if (suspects.isEmpty()) {
      return subject.skip("no card of a driver that is known to spoil tunnelled packets");
    }
    List<String> errors = new ArrayList<>();
    for (Member server : subject.cluster().members(Role.REAL_SERVER)) {
      long grown =
          server.facts().counters().known().stream()
              .mapToLong(counters -> counters.growth("Tcp.InCsumErrors").orElse(0))
              .sum();
      if (grown > 0) {
        errors.add(server.name() + " Tcp InCsumErrors +" + grown);
      }
    }
    String names = String.join(", ", suspects.stream().map(EthernetCard::device).toList());
    if (errors.isEmpty()) {
      return subject
          .pass(names + " (vmxnet3) is suspect, but no real server sees wrong checksums")
          .finding();
    }
    Remedy remedy = Remedy.of("Switch the offload off, and test again.");
    for (EthernetCard card : suspects) {
      boolean segments = card.on(feature).orElse(false) && !card.fixed(feature);
      String name = segments ? feature : "tx";
      remedy =
          remedy.then(
              new RunCommand(
                  List.of("ethtool", "-K", card.device(), name, "off"),
                  List.of("ethtool", "-K", card.device(), name, "on"),
                  Risk.SAFE));
    }
    return subject
        .fail("real servers get packets with wrong checksums, and " + names + " is of vmxnet3")
        .expected("no wrong checksums")
        .evidence("/proc/net/snmp", String.join("\n", errors))
        .evidenceLines("ethtool", "## features", feature, "tx-checksumming")
        .remedy(remedy)
        .finding();
  }

  // ---- NIC-006 ----

  private static Finding rings(Subject subject) {
    List<EthernetCard> cards = hardware(subject);
    if (cards.isEmpty()) {
      return subject.skip(VIRTUAL);
    }
    KernelCounters counters = subject.facts().counters().get();
    List<String> wrong = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    Remedy remedy = Remedy.of("Give the card more buffers.");
    for (EthernetCard card : cards) {
      long fifo = counters.growth("dev." + card.device() + ".rx_fifo").orElse(0);
      long dropped = counters.growth("dev." + card.device() + ".rx_drop").orElse(0);
      long missed =
          card.statistics().entrySet().stream()
              .filter(one -> one.getKey().matches(".*(missed|no_buffer|rx_nobuf|out_of_buf).*"))
              .mapToLong(Map.Entry::getValue)
              .sum();
      seen.add(
          card.device()
              + ": fifo +"
              + fifo
              + ", dropped +"
              + dropped
              + ", missed or without buffer since the start "
              + missed);
      if (fifo <= 0 && (dropped <= 0 || missed == 0)) {
        continue;
      }
      wrong.add(card.device() + " drops packets");
      int now = card.ringsNow().getOrDefault("RX", 0);
      int most = card.ringsMost().getOrDefault("RX", 0);
      remedy =
          remedy.then(
              most > now && now > 0
                  ? new RunCommand(
                      List.of("ethtool", "-G", card.device(), "rx", Integer.toString(most)),
                      List.of("ethtool", "-G", card.device(), "rx", Integer.toString(now)),
                      Risk.DISRUPTIVE)
                  : new ManualChange(
                      "The ring of "
                          + card.device()
                          + " is as large as it gets: spread the load over more queues."));
    }
    String evidence = String.join("\n", seen);
    if (wrong.isEmpty()) {
      return subject.pass("no drops just now").evidence("/proc/net/dev", evidence).finding();
    }
    return subject
        .warn(String.join(", ", wrong))
        .expected("no drops")
        .evidence("/proc/net/dev, ethtool -S", evidence)
        .remedy(remedy)
        .finding();
  }
}
