// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServerKey;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Configurations from a seed: each that the values allow may come, hostile texts included. */
public final class RandomConfigs {

  private static final String TEXT = "abcXYZ019 .:-+/%=@#!{}'$()[]*?~;&|<>,^`_";
  private static final String SECRET = "ab09#!{}$'@~%^&*()";

  private final Random random;

  /**
   * Begins with a seed.
   *
   * @param seed equal seeds give equal configurations
   */
  public RandomConfigs(long seed) {
    this.random = new Random(seed);
  }

  /**
   * Returns the next configuration.
   *
   * @return one that keepalived accepts
   */
  public KeepalivedConfig next() {
    List<VrrpScript> scripts =
        IntStream.range(0, random.nextInt(3)).mapToObj(i -> script("s" + i)).toList();
    List<VrrpInstance> instances =
        IntStream.range(0, random.nextInt(3)).mapToObj(i -> instance(i, scripts)).toList();
    List<SyncGroup> groups =
        instances.size() > 1 && random.nextBoolean()
            ? List.of(new SyncGroup("G-1", instances.stream().map(VrrpInstance::name).toList()))
            : List.of();
    List<VirtualServer> servers =
        IntStream.range(0, random.nextInt(4)).mapToObj(this::virtualServer).toList();
    return new KeepalivedConfig(global(instances), scripts, groups, instances, servers);
  }

  private <T> Optional<T> maybe(Supplier<T> value) {
    return random.nextInt(3) == 0 ? Optional.of(value.get()) : Optional.empty();
  }

  private int number(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  private Duration seconds(int most) {
    return Duration.ofSeconds(number(1, most));
  }

  private Duration micros(int most) {
    return Duration.ofNanos(1000L * number(1, most * 1_000_000));
  }

  private String text(String alphabet, int longest) {
    StringBuilder made = new StringBuilder();
    int length = number(1, longest);
    for (int i = 0; i < length; i++) {
      made.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return harmless(made.toString().strip());
  }

  /** Without the beginning of a parameter, which values refuse. */
  private static String harmless(String text) {
    return text.replaceAll("\\$\\{+", "\\$");
  }

  private String command() {
    return "/bin/true"
        + (random.nextBoolean() ? " x" + harmless(text(TEXT, 40).replace("'", "")) + " 'a b'" : "");
  }

  private GlobalSettings global(List<VrrpInstance> instances) {
    GlobalSettings made = GlobalSettings.DEFAULT;
    if (random.nextBoolean()) {
      made = made.routerId(("r" + text(TEXT, 20)).strip());
    }
    if (random.nextBoolean()) {
      SyncDaemonSetting daemon = SyncDaemonSetting.on("eth0");
      if (!instances.isEmpty() && random.nextBoolean()) {
        daemon = daemon.instance(instances.get(0).name());
      }
      if (random.nextBoolean()) {
        daemon = daemon.syncId(number(0, 255)).ttl(number(1, 255)).port(number(1, 65535));
      }
      if (random.nextBoolean()) {
        daemon = daemon.maxLength(1400).group(IpAddress.parse("224.0.0.82"));
      }
      made = made.syncDaemon(daemon);
    }
    if (random.nextBoolean()) {
      made = made.timeouts(Timeouts.ofSeconds(number(0, 900), number(0, 120), number(1, 300)));
    }
    return made.flush(random.nextBoolean())
        .flushOnStop(random.nextBoolean())
        .scriptSecurity(true)
        .scriptUser("root");
  }

  private VrrpScript script(String name) {
    return new VrrpScript(
        name,
        command(),
        maybe(() -> seconds(30)),
        maybe(() -> seconds(30)),
        Optional.empty(),
        maybe(() -> number(1, 9)),
        maybe(() -> number(1, 9)));
  }

  private VrrpInstance instance(int index, List<VrrpScript> scripts) {
    VrrpInstance made = VrrpInstance.of("VI." + index, "eth0", 51 + index);
    made = made.priority(number(1, 254)).advertInterval(Duration.ofSeconds(number(1, 200)));
    if (random.nextInt(3) == 0) {
      made = made.version(3).advertInterval(Duration.ofMillis(number(1, 200) * 10L));
    }
    boolean backup = random.nextBoolean();
    if (backup) {
      made = made.preempt(random.nextBoolean());
      if (made.preempt()) {
        made = made.preemptDelay(Duration.ofSeconds(number(0, 1000)));
      }
    } else {
      made = made.state(VrrpInstance.State.MASTER);
    }
    if (made.version().isEmpty() && random.nextBoolean()) {
      made = made.version(2).password("a" + text(SECRET, 7).replace(" ", ""));
    }
    if (random.nextBoolean()) {
      made =
          made.source(IpAddress.parse("10.0.0.1"))
              .peers(List.of(IpAddress.parse("10.0.0.2"), IpAddress.parse("10.0.0.3")));
    }
    made = made.addAddress("192.0.2." + (index * 10 + 1));
    if (random.nextBoolean()) {
      List<VirtualAddress> all = new ArrayList<>(made.addresses());
      all.add(
          VirtualAddress.of("192.0.2." + (index * 10 + 2) + "/24")
              .device("eth0")
              .label("eth0:" + index));
      made =
          made.addresses(all)
              .excludedAddresses(List.of(VirtualAddress.of("192.0.2." + (index * 10 + 3))));
    }
    if (random.nextBoolean()) {
      made = made.trackedInterfaces(List.of("lo"));
    }
    return made.trackedScripts(
        scripts.stream()
            .map(script -> new VrrpInstance.TrackedScript(script.name(), Optional.empty()))
            .toList());
  }

  private Persistence persistence() {
    Persistence made = Persistence.of(seconds(9999));
    return random.nextBoolean() ? made.prefixLength(number(1, 31)) : made;
  }

  private VirtualServer virtualServer(int index) {
    String address = "198.51.100." + (index + 1);
    VirtualService service =
        switch (random.nextInt(5)) {
          case 0 -> VirtualService.udp(address, number(1, 65535));
          case 1 -> VirtualService.sctp(address, number(1, 65535));
          case 2 -> VirtualService.fwmark(number(1, 1 << 30) + index);
          case 3 -> VirtualService.allPorts(Protocol.TCP, address, persistence());
          default -> VirtualService.tcp(address, number(1, 65535));
        };
    Scheduler[] schedulers = {
      Scheduler.RR,
      Scheduler.WRR,
      Scheduler.WLC,
      Scheduler.SED,
      Scheduler.SH.with(SchedulerFlag.SH_PORT),
      Scheduler.MH.with(SchedulerFlag.MH_PORT, SchedulerFlag.MH_FALLBACK),
      Scheduler.LC.with(SchedulerFlag.FLAG_3)
    };
    service = service.scheduler(schedulers[random.nextInt(schedulers.length)]);
    if (random.nextInt(3) == 0) {
      service = service.persistence(persistence());
    }
    if (service.key().toString().startsWith("UDP") && random.nextBoolean()) {
      service = service.onePacket(true);
    }
    int count = number(1, 4);
    long quorum = number(1, count);
    for (int i = 0; i < count; i++) {
      service = service.addRealServer(realServer(i));
    }
    Map<ServerKey, ServerChecks> checks = new HashMap<>();
    for (RealServer server : service.realServers()) {
      checks.put(server.key(), checks());
    }
    return new VirtualServer(
        service,
        checks,
        random.nextBoolean() ? CheckTimers.INHERITED : virtualTimers(),
        quorum,
        random.nextInt((int) quorum),
        random.nextBoolean(),
        random.nextBoolean(),
        maybe(() -> RealServer.of(IpAddress.parse("203.0.113.99"), forwarding())),
        false);
  }

  private CheckTimers virtualTimers() {
    CheckTimers timers = timers(true, 1);
    return new CheckTimers(
        timers.connectTimeout(),
        timers.retry(),
        timers.delayBeforeRetry(),
        timers.warmup(),
        timers.delayLoop(),
        maybe(() -> true));
  }

  private Forwarding forwarding() {
    return switch (random.nextInt(6)) {
      case 0 -> Forwarding.DIRECT_ROUTING;
      case 1 -> Forwarding.MASQUERADE;
      case 2 -> new Forwarding.Tunnel(Encapsulation.gue(number(1, 65535)));
      case 3 -> new Forwarding.Tunnel(Encapsulation.gue(6080).remoteChecksum());
      case 4 -> new Forwarding.Tunnel(Encapsulation.gre().checksum());
      default -> Forwarding.TUNNEL;
    };
  }

  private RealServer realServer(int index) {
    RealServer made =
        RealServer.of(IpAddress.parse("203.0.113." + (index + 1)), forwarding())
            .weight(number(1, 65535));
    return random.nextInt(3) == 0 ? made.thresholds(number(10, 99999), number(0, 10)) : made;
  }

  private CheckTimers timers(boolean connects) {
    return timers(connects, 0);
  }

  private CheckTimers timers(boolean connects, int leastRetry) {
    return new CheckTimers(
        connects ? maybe(() -> micros(30)) : Optional.empty(),
        maybe(() -> number(leastRetry, 9)),
        maybe(() -> seconds(9)),
        maybe(() -> Duration.ofSeconds(number(0, 9))),
        maybe(() -> micros(60)),
        maybe(random::nextBoolean));
  }

  private CheckConnection connection() {
    CheckConnection made = CheckConnection.DEFAULT;
    if (random.nextBoolean()) {
      made = made.port(number(1, 65535));
    }
    if (random.nextInt(4) == 0) {
      made =
          made.address(IpAddress.parse("203.0.113.77"))
              .source(IpAddress.parse("203.0.113.78"))
              .sourcePort(number(1, 65535))
              .mark(number(1, 99999));
    }
    return made;
  }

  private ServerChecks checks() {
    List<Checker> checkers =
        IntStream.range(0, random.nextInt(3)).mapToObj(i -> checker()).toList();
    return new ServerChecks(timers(true, 1), maybe(random::nextBoolean), checkers);
  }

  private Checker checker() {
    return switch (random.nextInt(7)) {
      case 0 -> new Checker.Ping(connection(), timers(true));
      case 1 -> new Checker.Smtp(connection(), timers(true), maybe(() -> "mail.example"));
      case 2 ->
          new Checker.Dns(
              connection(), timers(true), maybe(() -> "AAAA"), maybe(() -> "www.example"));
      case 3 ->
          new Checker.External(
              command(),
              maybe(() -> seconds(60)),
              random.nextBoolean(),
              Optional.of("root"),
              timers(false));
      case 4 -> udp();
      case 5 -> http();
      default -> new Checker.Tcp(connection(), timers(true));
    };
  }

  private Checker udp() {
    boolean reply = random.nextBoolean();
    return new Checker.Udp(
        connection(),
        timers(true),
        maybe(() -> "01ab"),
        reply,
        reply ? maybe(() -> "0axx") : Optional.empty(),
        maybe(() -> number(0, 10)),
        maybe(() -> number(10, 255)));
  }

  private Checker http() {
    boolean tls = random.nextBoolean();
    return new Checker.Http(
        tls,
        connection(),
        timers(true),
        maybe(() -> "1.1"),
        random.nextBoolean(),
        tls && random.nextBoolean(),
        IntStream.range(0, number(1, 2)).mapToObj(i -> url()).toList());
  }

  private CheckedUrl url() {
    return new CheckedUrl(
        "/" + text(TEXT, 30),
        maybe(() -> "9b3a0c85a887a256d6939da88aabd8cd"),
        random.nextBoolean()
            ? List.of(new CheckedUrl.StatusRange(200, 299), new CheckedUrl.StatusRange(404, 404))
            : List.of(),
        maybe(() -> "www.example"),
        maybe(
            () ->
                new CheckedUrl.BodyPattern(
                    "a\\d+ {2}#" + (random.nextBoolean() ? "$" : ""),
                    random.nextBoolean(),
                    random.nextBoolean() ? List.of("caseless", "dotall") : List.of(),
                    maybe(() -> number(0, 9)),
                    maybe(() -> number(10, 99)))));
  }
}
