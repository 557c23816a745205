// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static io.lvstun.Scheduler.RR;

import io.lvstun.ApplyReport;
import io.lvstun.Director;
import io.lvstun.Plan;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.Capture;
import io.lvstun.examples.lab.HttpAnswer;
import io.lvstun.examples.lab.HttpAnswers;
import io.lvstun.examples.lab.Lab;
import io.lvstun.examples.lab.LabException;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Topology;
import io.lvstun.rules.Listing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The whole of LVS-TUN in five steps: a cluster, its virtual service, requests through it, the
 * director's table, and what went over the wire. {@code lab demo} is this.
 */
public final class TutorialClusterExample {

  private static final int REQUESTS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration CAPTURE_DEADLINE = Duration.ofSeconds(60);

  private static final String CLUSTER =
      """
                            client
                          10.0.0.100
                              |
                            router
             +----------------+----------------+
             |                |                |
         director            rs1              rs2
       192.168.1.100    192.168.2.101    192.168.3.102

      The client knows one address only, the virtual IP (VIP) 192.168.1.200. The director has it, and
      so have the real servers rs1 and rs2, which keep quiet about it. The director picks a real
      server for each connection and puts the client's packets into packets of its own: an IP-in-IP
      tunnel. The real server unpacks them, finds that they are for its VIP, and answers the client
      itself: the answer does not pass the director.\
      """;

  /** What the code below looks like; a test compares. */
  static final String CALL =
      """
      VirtualService web = VirtualService.tcp("192.168.1.200", 80).scheduler(RR)
              .addRealServer("192.168.2.101").tunnel()
              .addRealServer("192.168.3.102").weight(2).tunnel();\
      """;

  private final Stage stage;
  private final List<String> problems = new ArrayList<>();
  private int step;

  private TutorialClusterExample(Stage stage) {
    this.stage = stage;
  }

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
        TutorialClusterExample.class,
        "Sets up the tutorial's LVS-TUN cluster, sends ten requests through it, and shows what"
            + " happens on the wire.",
        Topology::tutorial,
        stage -> new TutorialClusterExample(stage).play());
  }

  static VirtualService web() {
    // tag::service[]
    VirtualService web =
        VirtualService.tcp("192.168.1.200", 80)
            .scheduler(RR)
            .addRealServer("192.168.2.101")
            .tunnel()
            .addRealServer("192.168.3.102")
            .weight(2)
            .tunnel();
    // end::service[]
    return web;
  }

  private String play() {
    stage.say("LVS-TUN step by step, on Linux " + Lab.kernelRelease());
    step("The cluster: five hosts, each a network namespace of this kernel");
    show(CLUSTER);

    try (Director director = stage.openDirector();
        Capture atDirector = stage.cluster().director().capture("ip")) {
      Map<LabHost, Capture> atServers = new LinkedHashMap<>();
      try {
        for (LabHost server : stage.cluster().realServers()) {
          atServers.put(server, server.capture("tcp and src host " + stage.cluster().vip()));
        }
        createService(director);
        SortedMap<String, Integer> answered = sendRequests();
        awaitLastPackets(answered, atDirector, atServers);
        showTable(director);
        showWire(atDirector, atServers);
        stage.expect(problems.isEmpty(), String.join("; ", problems));
        return REQUESTS
            + " of "
            + REQUESTS
            + " requests were answered, by "
            + inWords(answered)
            + "; they came through the tunnels, and no answer passed the director.";
      } finally {
        atServers.values().forEach(Capture::close);
      }
    }
  }

  private void createService(Director director) {
    step("The virtual service, in Java (driver: " + director.driver() + ")");
    show(CALL);
    Plan plan = director.plan(web());
    stage.say("");
    stage.say("   director.plan(web) says what it takes:");
    show(plan.toString());
    ApplyReport report = director.apply(plan);
    stage.say("");
    stage.say("   director.apply(plan) does it: " + report);
  }

  private SortedMap<String, Integer> sendRequests() {
    step(REQUESTS + " requests from the client: curl " + stage.cluster().vipUrl());
    HttpAnswers answers =
        stage.cluster().client().get(stage.cluster().vipUrl(), REQUESTS, PATIENCE);
    int number = 1;
    for (HttpAnswer answer : answers.answers()) {
      String outcome =
          answer.ok() ? "answered by " + answer.server() : "NOT ANSWERED: " + reason(answer);
      stage.say(String.format(Locale.ROOT, "   %2d  %s", number++, outcome));
    }
    SortedMap<String, Integer> answered = answers.byServer();
    stage.say("");
    stage.say("   " + inWords(answered) + ". Round robin (rr) takes turns whatever the weights;");
    stage.say("   weighted round robin (wrr) would send rs2 twice as many.");
    if (!answers.failures().isEmpty()) {
      problems.add(answers.failures().size() + " of " + REQUESTS + " requests were not answered");
    } else if (!answered.equals(Map.of("rs1", REQUESTS / 2, "rs2", REQUESTS / 2))) {
      problems.add("round robin did not take turns: " + inWords(answered));
    }
    return answered;
  }

  private static String reason(HttpAnswer answer) {
    return answer.error().isEmpty() ? "HTTP status " + answer.status() : answer.error();
  }

  private void showTable(Director director) {
    step("The director's table, as `ipvsadm -Ln` prints it");
    // tag::listing[]
    String table = Listing.of(director.info(), director.services());
    // end::listing[]
    show(table);
  }

  private void showWire(Capture atDirector, Map<LabHost, Capture> atServers) {
    step("What went over the wire (tcpdump on the director and the real servers)");
    List<String> seen = atDirector.stop();
    String vip = stage.cluster().vip();
    String client = stage.cluster().client().address();

    Map<String, List<TunnelPacket>> tunnels = new TreeMap<>();
    for (String line : seen) {
      TunnelPacket.parse(line)
          .ifPresent(
              packet ->
                  tunnels
                      .computeIfAbsent(packet.outerTarget(), target -> new ArrayList<>())
                      .add(packet));
    }
    stage.say("   director -> real server: a packet in a packet (protocol 4)");
    for (LabHost server : stage.cluster().realServers()) {
      List<TunnelPacket> packets = tunnels.getOrDefault(server.address(), List.of());
      Optional<TunnelPacket> wrong =
          packets.stream().filter(packet -> !isRequest(packet, client, vip)).findFirst();
      if (packets.isEmpty()) {
        problems.add("no tunnel packet went to " + server.name());
      }
      wrong.ifPresent(packet -> problems.add("unexpected tunnel packet " + packet));
      stage.say(
          String.format(
              Locale.ROOT,
              "     to %s: %d packets, the first is %s",
              server.name(),
              packets.size(),
              packets.isEmpty() ? "missing" : packets.get(0)));
    }

    stage.say("   real server -> client: straight, with the VIP as the sender");
    atServers.forEach(
        (server, capture) -> {
          List<String> packets = capture.stop();
          long toClient = packets.stream().filter(line -> isAnswer(line, vip, client)).count();
          if (toClient == 0) {
            problems.add(server.name() + " sent nothing to the client");
          }
          stage.say(
              String.format(
                  Locale.ROOT,
                  "     from %s: %d packets %s:80 > %s",
                  server.name(),
                  toClient,
                  vip,
                  client));
        });

    List<String> passing =
        seen.stream().filter(line -> line.contains(" " + vip + ".80 > ")).toList();
    stage.say(
        "   answers that passed the director: " + (passing.isEmpty() ? "none" : passing.size()));
    if (!passing.isEmpty()) {
      problems.add("answers passed the director, the first: " + passing.get(0));
    }
  }

  /** Connections end with packets that say so: when those are there, everything before them is. */
  private void awaitLastPackets(
      SortedMap<String, Integer> answered, Capture atDirector, Map<LabHost, Capture> atServers) {
    int all = answered.values().stream().mapToInt(Integer::intValue).sum();
    try {
      atDirector.await(
          all,
          line -> line.contains("Flags [F") && TunnelPacket.parse(line).isPresent(),
          CAPTURE_DEADLINE);
      atServers.forEach(
          (server, capture) ->
              capture.await(
                  answered.getOrDefault(server.name(), 0),
                  line -> line.contains("Flags [F"),
                  CAPTURE_DEADLINE));
    } catch (LabException e) {
      problems.add("the captures lack the end of some connections");
    }
  }

  private static boolean isRequest(TunnelPacket packet, String client, String vip) {
    return packet.innerSource().startsWith(client + ":")
        && packet.innerTarget().equals(vip + ":80");
  }

  private static boolean isAnswer(String line, String vip, String client) {
    return line.contains(" " + vip + ".80 > " + client + ".");
  }

  private void step(String title) {
    step++;
    stage.say("");
    stage.say(step + ". " + title);
    stage.say("");
  }

  private void show(String text) {
    text.lines().forEach(line -> stage.say(line.isEmpty() ? "" : "   " + line));
  }

  private static String inWords(SortedMap<String, Integer> answered) {
    return answered.isEmpty()
        ? "nobody"
        : answered.entrySet().stream()
            .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
            .collect(Collectors.joining(", "));
  }
}
