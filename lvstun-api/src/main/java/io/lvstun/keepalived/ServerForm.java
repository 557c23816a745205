// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServerKey;
import io.lvstun.VirtualService;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a {@code virtual_server}; one that names a group becomes a virtual server an address. */
final class ServerForm {

  private static final int LARGEST_WEIGHT = 65535;
  private static final Set<String> SCHEDULERS =
      Set.of(
          "rr", "wrr", "lc", "wlc", "lblc", "sh", "mh", "dh", "fo", "ovf", "lblcr", "sed", "nq",
          "twos");

  private final StatementReader reader;
  private final Statement block;
  private final Grammar.Block grammar = Grammar.TOP.block("virtual_server").orElseThrow();
  private final TimersForm timers;
  private final List<Member> members = new ArrayList<>();
  private final Set<SchedulerFlag> flags = EnumSet.noneOf(SchedulerFlag.class);
  private Scheduler scheduler = Scheduler.WLC;
  private Forwarding forwarding = Forwarding.MASQUERADE;
  private Protocol protocol = Protocol.UDP;
  private boolean protocolGiven;
  private boolean onePacket;
  private Optional<Duration> persistence = Optional.empty();
  private Optional<Statement> granularity = Optional.empty();
  private Optional<String> engine = Optional.empty();
  private Optional<String> virtualHost = Optional.empty();
  private Optional<String> family = Optional.empty();
  private Optional<Statement> sorry = Optional.empty();
  private Optional<Forwarding> sorryForwarding = Optional.empty();
  private boolean sorryInhibit;
  private boolean omega;
  private boolean inhibit;
  private int weight = 1;
  private long quorum = 1;
  private long hysteresis;

  /** A real server before it is known which service it belongs to. */
  private record Member(
      Statement statement,
      InetAddress address,
      int port,
      Forwarding forwarding,
      int weight,
      int upper,
      int lower,
      ServerChecks checks) {}

  private ServerForm(StatementReader reader, Statement block) {
    this.reader = reader;
    this.block = block;
    this.timers = new TimersForm(reader, 1);
  }

  /**
   * Reads a virtual server.
   *
   * @param groups the groups of the file by name
   */
  static List<VirtualServer> read(
      StatementReader reader, Statement block, Map<String, List<GroupForm.Entry>> groups) {
    ServerForm form = new ServerForm(reader, block);
    List<GroupForm.Entry> entries = form.entries(groups);
    if (entries.isEmpty()) {
      return List.of();
    }
    form.block.block().forEach(form::statement);
    form.block.children("real_server").forEach(one -> form.member(one, entries));
    if (form.members.isEmpty()) {
      reader.invalid(block, "there is no real server; keepalived ignores the virtual server");
      return List.of();
    }
    List<VirtualServer> servers = new ArrayList<>();
    for (GroupForm.Entry entry : entries) {
      reader.attempt(block, () -> form.server(entry)).ifPresent(servers::add);
    }
    return servers;
  }

  private List<GroupForm.Entry> entries(Map<String, List<GroupForm.Entry>> groups) {
    String first = block.argument(0).orElse("");
    if (first.equals("group")) {
      List<GroupForm.Entry> entries = groups.get(block.argument(1).orElse(""));
      if (entries == null || entries.isEmpty()) {
        reader.invalid(
            block, "the group is missing or empty; keepalived ignores the virtual server");
        return List.of();
      }
      return entries;
    }
    if (first.equals("fwmark")) {
      return reader.number(block, block.argument(1).orElse(""), 1, 0xffff_ffffL).stream()
          .map(mark -> new GroupForm.Entry(Optional.empty(), 0, mark, Optional.empty()))
          .toList();
    }
    Optional<Long> port =
        block.argument(1).isEmpty()
            ? Optional.of(0L)
            : reader.number(block, block.argument(1).get(), 0, 65535);
    Optional<InetAddress> address = reader.address(block);
    if (port.isEmpty() || address.isEmpty()) {
      return List.of();
    }
    return List.of(new GroupForm.Entry(address, port.get().intValue(), 0, Optional.empty()));
  }

  private void statement(Statement one) {
    switch (one.keyword()) {
      case "real_server" -> {}
      case "lb_algo", "lvs_sched" -> scheduler(one);
      case "lb_kind", "lvs_method" -> forwarding(one, 0).ifPresent(value -> forwarding = value);
      case "sorry_server_lvs_method" -> sorryForwarding = forwarding(one, 0);
      case "sorry_server" -> sorry = Optional.of(one);
      case "sorry_server_inhibit" -> sorryInhibit = true;
      case "flag-1", "sh-fallback", "mh-fallback" -> flags.add(SchedulerFlag.FLAG_1);
      case "flag-2", "sh-port", "mh-port" -> flags.add(SchedulerFlag.FLAG_2);
      case "flag-3" -> flags.add(SchedulerFlag.FLAG_3);
      case "ops" -> onePacket = true;
      case "hashed" -> {
        // It is what keepalived and the kernel do anyhow.
      }
      case "protocol" -> protocol(one);
      case "persistence_timeout" ->
          persistence =
              one.argument(0).isEmpty()
                  ? Optional.of(Persistence.DEFAULT_TIMEOUT)
                  : reader.number(one, 1, 2_678_400).map(Duration::ofSeconds);
      case "persistence_granularity" -> granularity = Optional.of(one);
      case "persistence_engine" -> engine = reader.text(one);
      case "virtualhost" -> virtualHost = reader.text(one);
      case "ip_family" -> family = reader.text(one);
      case "omega" -> omega = true;
      case "inhibit_on_failure" -> inhibit = reader.choice(one).orElse(inhibit);
      case "weight" -> weight = weight(one).orElse(weight);
      case "quorum" -> quorum = reader.number(one, 1, 0xffff_ffffL).orElse(1L);
      case "hysteresis" -> hysteresis = reader.number(one, 0, 0xffff_ffffL).orElse(0L);
      default -> {
        if (!timers.takes(one)) {
          reader.untaken(one, grammar);
        }
      }
    }
  }

  private void scheduler(Statement one) {
    reader
        .text(one)
        .ifPresent(
            name -> {
              if (SCHEDULERS.contains(name)) {
                scheduler = Scheduler.named(name);
              } else {
                reader.invalid(one, "it is no scheduler; keepalived takes wlc");
              }
            });
  }

  private void protocol(Statement one) {
    protocolGiven = true;
    switch (reader.text(one).orElse("").toUpperCase(java.util.Locale.ROOT)) {
      case "TCP" -> protocol = Protocol.TCP;
      case "UDP" -> protocol = Protocol.UDP;
      case "SCTP" -> protocol = Protocol.SCTP;
      default -> {
        protocolGiven = false;
        reader.invalid(one, "it must be TCP, UDP or SCTP");
      }
    }
  }

  private Optional<Integer> weight(Statement one) {
    return reader
        .integer(one, 0, Integer.MAX_VALUE)
        .map(
            value -> {
              if (value > LARGEST_WEIGHT) {
                reader.noCounterpart(one, "weights end at " + LARGEST_WEIGHT + ", which is read");
              }
              return Math.min(value, LARGEST_WEIGHT);
            });
  }

  /** Reads {@code NAT}, {@code DR} or {@code TUN} with its type. */
  private Optional<Forwarding> forwarding(Statement one, int from) {
    List<String> words = one.arguments();
    if (words.size() <= from) {
      reader.invalid(one, "the method is missing");
      return Optional.empty();
    }
    return switch (words.get(from)) {
      case "NAT" -> Optional.of(Forwarding.MASQUERADE);
      case "DR" -> Optional.of(Forwarding.DIRECT_ROUTING);
      case "TUN" ->
          reader.attempt(
              one,
              () -> new Forwarding.Tunnel(encapsulation(words.subList(from + 1, words.size()))));
      default -> {
        reader.invalid(one, "it must be NAT, DR or TUN; keepalived ignores it");
        yield Optional.empty();
      }
    };
  }

  private static Encapsulation encapsulation(List<String> words) {
    String type = "ipip";
    int port = 0;
    String checksum = "nocsum";
    for (int i = 0; i < words.size(); i++) {
      String next = i + 1 < words.size() ? words.get(i + 1) : "";
      switch (words.get(i)) {
        case "type" -> {
          type = next;
          i++;
        }
        case "port" -> {
          port = Checked.number("port", next);
          i++;
        }
        case "nocsum", "csum", "remcsum" -> checksum = words.get(i);
        default ->
            throw new IllegalArgumentException(
                ConfigSyntaxException.excerpt(words.get(i)) + " is not known here");
      }
    }
    Encapsulation made =
        switch (type) {
          case "ipip" -> Encapsulation.ipip();
          case "gue" -> Encapsulation.gue(port);
          case "gre" -> Encapsulation.gre();
          default ->
              throw new IllegalArgumentException(
                  "type must be ipip, gue or gre, not " + ConfigSyntaxException.excerpt(type));
        };
    return switch (checksum) {
      case "csum" -> made.checksum();
      case "remcsum" -> made.remoteChecksum();
      default -> made;
    };
  }

  private void member(Statement one, List<GroupForm.Entry> entries) {
    Grammar.Block server = grammar.block("real_server").orElseThrow();
    Optional<InetAddress> address = reader.address(one);
    Optional<Integer> port =
        one.argument(1).isEmpty()
            ? Optional.of(0)
            : reader.number(one, one.argument(1).get(), 0, 65535).map(Long::intValue);
    if (address.isEmpty() || port.isEmpty()) {
      return;
    }
    TimersForm own = new TimersForm(reader, 1);
    int said = port.get();
    Forwarding how = forwarding;
    int load = weight;
    int upper = 0;
    int lower = 0;
    Optional<Boolean> inhibited = Optional.empty();
    Optional<String> host = virtualHost;
    List<Statement> checkers = new ArrayList<>();
    for (Statement part : one.block()) {
      switch (part.keyword()) {
        case "lvs_method" -> how = forwarding(part, 0).orElse(how);
        case "weight" -> load = weight(part).orElse(load);
        case "uthreshold" -> upper = reader.integer(part, 0, Integer.MAX_VALUE).orElse(0);
        case "lthreshold" -> lower = reader.integer(part, 0, Integer.MAX_VALUE).orElse(0);
        case "inhibit_on_failure" -> inhibited = reader.choice(part);
        case "virtualhost" -> host = reader.text(part);
        default -> {
          if (CheckerForm.takes(part.keyword())) {
            checkers.add(part);
          } else if (!own.takes(part)) {
            reader.untaken(part, server);
          }
        }
      }
    }
    List<Checker> checks = new ArrayList<>();
    Forwarding chosen = how;
    boolean corrected = entries.stream().anyMatch(entry -> right(said, chosen, entry) != said);
    // keepalived corrects the port of the real server, but not the one that its checks ask.
    CheckConnection connection =
        said != 0 && corrected ? CheckConnection.DEFAULT.port(said) : CheckConnection.DEFAULT;
    for (Statement checker : checkers) {
      CheckerForm.read(reader, checker, server, host, connection).ifPresent(checks::add);
    }
    members.add(
        new Member(
            one,
            address.get(),
            said,
            how,
            load,
            upper,
            lower,
            new ServerChecks(own.timers(), inhibited, checks)));
  }

  private VirtualServer server(GroupForm.Entry entry) {
    VirtualService service = service(entry);
    Map<ServerKey, ServerChecks> checks = new LinkedHashMap<>();
    Set<ServerKey> seen = new HashSet<>();
    for (Member member : members) {
      RealServer server = realServer(member, entry);
      if (!seen.add(server.key())) {
        reader.invalid(member.statement(), "the real server is there already; keepalived drops it");
        continue;
      }
      service = service.addRealServer(server);
      RealServer added = service.realServers().get(service.realServers().size() - 1);
      checks.put(added.key(), member.checks());
    }
    if (hysteresis >= quorum) {
      reader.invalid(block, "hysteresis must be less than the quorum; keepalived lowers it");
      hysteresis = quorum - 1;
    }
    VirtualServer made =
        new VirtualServer(
            service,
            checks,
            timers.timers(),
            quorum,
            hysteresis,
            omega,
            inhibit,
            Optional.empty(),
            false);
    if (sorry.isEmpty()) {
      return made;
    }
    Optional<RealServer> sorryServer = sorryServer(sorry.get(), entry);
    return sorryServer.isEmpty()
        ? made
        : made.sorryServer(sorryServer.get()).sorryServerInhibit(sorryInhibit);
  }

  private Optional<RealServer> sorryServer(Statement one, GroupForm.Entry entry) {
    Optional<InetAddress> address = reader.address(one);
    Optional<Integer> port =
        one.argument(1).isEmpty()
            ? Optional.of(0)
            : reader.number(one, one.argument(1).get(), 0, 65535).map(Long::intValue);
    if (address.isEmpty() || port.isEmpty()) {
      return Optional.empty();
    }
    Forwarding how = sorryForwarding.orElse(forwarding);
    return Optional.of(RealServer.of(address.get(), how).port(port(one, port.get(), how, entry)));
  }

  private RealServer realServer(Member member, GroupForm.Entry entry) {
    RealServer server =
        RealServer.of(member.address(), member.forwarding())
            .port(port(member.statement(), member.port(), member.forwarding(), entry))
            .weight(member.weight());
    if (member.upper() == 0 && member.lower() == 0) {
      return server;
    }
    return reader
        .attempt(member.statement(), () -> server.thresholds(member.upper(), member.lower()))
        .orElse(server);
  }

  /** Only masquerading changes ports; keepalived corrects the others. */
  private int port(Statement one, int port, Forwarding how, GroupForm.Entry entry) {
    int right = right(port, how, entry);
    if (port != 0 && port != right) {
      reader.invalid(one, "the port must be that of the virtual server; keepalived takes " + right);
    }
    return right;
  }

  private static int right(int port, Forwarding how, GroupForm.Entry entry) {
    boolean free = how instanceof Forwarding.Masquerade && entry.port() != 0;
    return free && port != 0 ? port : entry.port();
  }

  private VirtualService service(GroupForm.Entry entry) {
    Optional<Persistence> persistent = persistence.map(Persistence::of);
    VirtualService bare;
    if (entry.address().isEmpty()) {
      bare =
          family(entry) == AddressFamily.IPV6
              ? VirtualService.fwmark6(entry.mark())
              : VirtualService.fwmark(entry.mark());
    } else {
      if (!protocolGiven) {
        reader.invalid(block, "there is no protocol; keepalived takes " + protocol);
      }
      InetAddress address = entry.address().get();
      if (entry.port() == 0) {
        if (persistent.isEmpty()) {
          reader.invalid(block, "without a port it must be persistent; keepalived makes it so");
          persistent = Optional.of(Persistence.of(Persistence.DEFAULT_TIMEOUT));
        }
        bare = VirtualService.allPorts(protocol, address, persistent.get());
      } else if (protocol.equals(Protocol.UDP)) {
        bare = VirtualService.udp(address, entry.port());
      } else if (protocol.equals(Protocol.SCTP)) {
        bare = VirtualService.sctp(address, entry.port());
      } else {
        bare = VirtualService.tcp(address, entry.port());
      }
    }
    bare = bare.scheduler(scheduler.with(flags.toArray(new SchedulerFlag[0])));
    if (persistent.isPresent()) {
      bare = bare.persistence(detailed(persistent.get()));
    } else {
      granularity.ifPresent(
          one -> reader.invalid(one, "without persistence_timeout it has no effect"));
    }
    return onePacket ? bare.onePacket(true) : bare;
  }

  private Persistence detailed(Persistence plain) {
    Persistence[] made = {plain};
    granularity.ifPresent(
        one ->
            reader.take(
                one,
                reader.text(one),
                mask ->
                    made[0] =
                        mask.indexOf('.') >= 0
                            ? made[0].netmask(mask)
                            : made[0].prefixLength(Checked.number("prefix length", mask))));
    engine.ifPresent(name -> made[0] = made[0].engine(name));
    return made[0];
  }

  private AddressFamily family(GroupForm.Entry entry) {
    Optional<String> said = entry.family().or(() -> family);
    if (said.isPresent()) {
      return said.get().equals("inet6") ? AddressFamily.IPV6 : AddressFamily.IPV4;
    }
    boolean six =
        members.stream().allMatch(one -> AddressFamily.of(one.address()) == AddressFamily.IPV6);
    return six ? AddressFamily.IPV6 : AddressFamily.IPV4;
  }
}
