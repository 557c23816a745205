// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import io.lvstun.AddressFamily;
import io.lvstun.Command;
import io.lvstun.Encapsulation;
import io.lvstun.ForeignSettings;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes commands as the words of ipvsadm, and knows which ones it has no words for. */
final class Arguments {

  private static final String OWN_NAME = "ipvsadm";
  private static final long LONGEST_PERSISTENCE = 31L * 24 * 60 * 60;

  private Arguments() {}

  static List<String> of(Command command) {
    List<String> words = new ArrayList<>();
    if (command instanceof Command.AddService add) {
      addService("-A", add.service(), words);
    } else if (command instanceof Command.EditService edit) {
      addService("-E", edit.service(), words);
    } else if (command instanceof Command.RemoveService remove) {
      addKey("-D", remove.service(), words);
    } else if (command instanceof Command.AddServer add) {
      addServer("-a", add.service(), add.server(), words);
    } else if (command instanceof Command.EditServer edit) {
      addServer("-e", edit.service(), edit.server(), words);
    } else if (command instanceof Command.RemoveServer remove) {
      addServerKey("-d", remove.service(), remove.server(), words);
    } else if (command instanceof Command.StartDaemon start) {
      addDaemon(start.daemon(), words);
    } else if (command instanceof Command.StopDaemon stop) {
      words.add("--stop-daemon");
      words.add(stop.role().toString());
    } else if (command instanceof Command.SetTimeouts set) {
      addTimeouts(set.timeouts(), words);
    } else if (command instanceof Command.Zero zero) {
      zero.service().ifPresentOrElse(key -> addKey("-Z", key, words), () -> words.add("-Z"));
    } else {
      words.add("-C");
    }
    return words;
  }

  /** The words that follow a server's weight in the text of {@code ipvsadm -S}: its tunnel. */
  static void addTunnel(Forwarding forwarding, List<String> words) {
    if (!(forwarding instanceof Forwarding.Tunnel tunnel)) {
      return;
    }
    Encapsulation encapsulation = tunnel.encapsulation();
    words.add("--tun-type");
    words.add(
        switch (encapsulation.type()) {
          case Encapsulation.TYPE_GUE -> "gue";
          case Encapsulation.TYPE_GRE -> "gre";
          default -> "ipip";
        });
    if (encapsulation.type() == Encapsulation.TYPE_GUE) {
      addNumber("--tun-port", encapsulation.port(), words);
    }
    if (encapsulation.type() != Encapsulation.TYPE_IPIP) {
      words.add(
          switch (encapsulation.flags()) {
            case Encapsulation.FLAG_CHECKSUM -> "--tun-csum";
            case Encapsulation.FLAG_REMOTE_CHECKSUM -> "--tun-remcsum";
            default -> "--tun-nocsum";
          });
    }
  }

  static void addService(String option, VirtualService service, List<String> words) {
    addKey(option, service.key(), words);
    addName("-s", service.scheduler().name(), words);
    Optional<Persistence> persistence = service.persistence();
    if (persistence.isPresent()) {
      words.add("-p");
      words.add(Long.toString(persistence.get().timeout().getSeconds()));
      persistence
          .get()
          .maskText(service.key().family())
          .ifPresent(
              mask -> {
                words.add("-M");
                words.add(mask);
              });
      persistence.get().engine().ifPresent(engine -> addName("--pe", engine, words));
    }
    service
        .foreign()
        .map(ForeignSettings::engine)
        .filter(engine -> !engine.isEmpty())
        .ifPresent(engine -> addName("--pe", engine, words));
    if (service.onePacket()) {
      words.add("-o");
    }
    if (!service.scheduler().flags().isEmpty()) {
      words.add("-b");
      words.add(flags(service.scheduler()));
    }
  }

  private static String flags(Scheduler scheduler) {
    boolean hashing = scheduler.name().equals("sh") || scheduler.name().equals("mh");
    List<String> names = new ArrayList<>();
    for (SchedulerFlag flag : SchedulerFlag.values()) {
      if (scheduler.flags().contains(flag)) {
        names.add(
            switch (flag) {
              case FLAG_1 -> hashing ? scheduler.name() + "-fallback" : "flag-1";
              case FLAG_2 -> hashing ? scheduler.name() + "-port" : "flag-2";
              case FLAG_3 -> "flag-3";
            });
      }
    }
    return String.join(",", names);
  }

  /** Everything of a server up to its weight. */
  static void addServerHead(
      String option, ServiceKey service, RealServer server, List<String> words) {
    addServerKey(option, service, server.key(), words);
    words.add(
        server.forwarding() instanceof Forwarding.Tunnel
            ? "-i"
            : server.forwarding() instanceof Forwarding.Masquerade ? "-m" : "-g");
    addNumber("-w", server.weight(), words);
  }

  static void addThresholds(RealServer server, List<String> words) {
    addNumber("-x", server.upperThreshold(), words);
    addNumber("-y", server.lowerThreshold(), words);
  }

  private static void addServer(
      String option, ServiceKey service, RealServer server, List<String> words) {
    addServerHead(option, service, server, words);
    // Left out for ipip, the default, because ipvsadm before 1.30 does not know the option.
    if (!server.forwarding().equals(Forwarding.TUNNEL)) {
      addTunnel(server.forwarding(), words);
    }
    addThresholds(server, words);
  }

  private static void addServerKey(
      String option, ServiceKey service, ServerKey server, List<String> words) {
    addKey(option, service, words);
    words.add("-r");
    words.add(server.toString());
  }

  private static void addKey(String option, ServiceKey key, List<String> words) {
    words.add(option);
    if (key instanceof ServiceKey.Mark mark) {
      addNumber("-f", mark.mark(), words);
      if (mark.family() == AddressFamily.IPV6) {
        words.add("-6");
      }
    } else if (key instanceof ServiceKey.Endpoint endpoint) {
      words.add(
          endpoint.protocol().equals(Protocol.TCP)
              ? "-t"
              : endpoint.protocol().equals(Protocol.UDP) ? "-u" : "--sctp-service");
      words.add(IpAddress.format(endpoint.address(), endpoint.port()));
    }
  }

  static void addTimeouts(Timeouts timeouts, List<String> words) {
    words.add("--set");
    words.add(Long.toString(timeouts.tcp().getSeconds()));
    words.add(Long.toString(timeouts.tcpFin().getSeconds()));
    words.add(Long.toString(timeouts.udp().getSeconds()));
  }

  static void addDaemon(SyncDaemon daemon, List<String> words) {
    words.add("--start-daemon");
    words.add(daemon.role().toString());
    addName("--mcast-interface", daemon.interfaceName(), words);
    addNumber("--syncid", daemon.syncId(), words);
    if (daemon.maxLength() != 0) {
      addNumber("--sync-maxlen", daemon.maxLength(), words);
    }
    words.add("--mcast-group");
    words.add(IpAddress.format(daemon.group()));
    addNumber("--mcast-port", daemon.port(), words);
    addNumber("--mcast-ttl", daemon.ttl(), words);
  }

  private static void addNumber(String option, long value, List<String> words) {
    words.add(option);
    words.add(Long.toString(value));
  }

  /** A word that is just "ipvsadm" would be passed over by {@code ipvsadm -R}. */
  private static void addName(String option, String name, List<String> words) {
    if (name.equals(OWN_NAME)) {
      words.add(option + '=' + name);
    } else {
      words.add(option);
      words.add(name);
    }
  }

  /** What ipvsadm has no words for in a command; empty if it has them all. */
  static Optional<Loss> obstacle(Command command) {
    if (command instanceof Command.AddService add) {
      return obstacle(add.service());
    }
    if (command instanceof Command.EditService edit) {
      return obstacle(edit.service());
    }
    if (command instanceof Command.RemoveService remove) {
      return obstacle(remove.service());
    }
    if (command instanceof Command.AddServer add) {
      return obstacle(add.service(), add.server());
    }
    if (command instanceof Command.EditServer edit) {
      return obstacle(edit.service(), edit.server());
    }
    if (command instanceof Command.RemoveServer remove) {
      return obstacle(remove.service());
    }
    if (command instanceof Command.StartDaemon start) {
      return obstacle(start.daemon());
    }
    if (command instanceof Command.Zero zero) {
      return zero.service().flatMap(Arguments::zeroObstacle);
    }
    return Optional.empty();
  }

  static Optional<Loss> obstacle(VirtualService service) {
    return serviceObstacle(service).or(() -> foreignObstacle(service));
  }

  /** What ipvsadm has no words for among the settings that only other programs write. */
  static Optional<Loss> foreignObstacle(VirtualService service) {
    ForeignSettings foreign = service.foreign().orElse(null);
    if (foreign == null) {
      return Optional.empty();
    }
    int whole = service.key().family() == AddressFamily.IPV6 ? 128 : -1;
    boolean carried =
        foreign.flagBits() == 0 && foreign.timeoutSeconds() == 0 && foreign.mask() == whole;
    return carried
        ? Optional.empty()
        : Optional.of(
            new Loss(
                Loss.Kind.SETTINGS,
                service.key().toString(),
                "ipvsadm has no options for the settings "
                    + foreign
                    + " of a service that is not persistent"));
  }

  /** What ipvsadm has no words for, without which the service cannot be written at all. */
  static Optional<Loss> serviceObstacle(VirtualService service) {
    return obstacle(service.key())
        .or(() -> settingsObstacle(service).map(why -> lost(service.key(), why)));
  }

  private static Optional<String> settingsObstacle(VirtualService service) {
    Optional<Persistence> persistence = service.persistence();
    if (service.key() instanceof ServiceKey.Endpoint endpoint) {
      if (endpoint.port() == 0 && persistence.isEmpty()) {
        return Optional.of("ipvsadm takes port 0 only for a persistent service");
      }
      if (service.onePacket() && !endpoint.protocol().equals(Protocol.UDP)) {
        return Optional.of("ipvsadm takes one-packet scheduling only for UDP and firewall marks");
      }
    }
    return changedName(service.scheduler().name())
        .or(() -> service.foreign().flatMap(foreign -> changedName(foreign.engine())))
        .or(() -> persistence.flatMap(p -> persistenceObstacle(p, service.key().family())));
  }

  private static Optional<String> persistenceObstacle(
      Persistence persistence, AddressFamily family) {
    long seconds = persistence.timeout().getSeconds();
    if (seconds < 1 || seconds > LONGEST_PERSISTENCE) {
      return Optional.of("ipvsadm takes a persistence of 1 second to 31 days, not " + seconds);
    }
    int mask = persistence.mask(family);
    if (family == AddressFamily.IPV6 && (mask < 1 || mask > 128)) {
      return Optional.of("ipvsadm takes a prefix length of 1 to 128, not " + mask);
    }
    return persistence.engine().flatMap(Arguments::changedName);
  }

  private static Optional<Loss> obstacle(ServiceKey key) {
    return key instanceof ServiceKey.Endpoint endpoint
            && !endpoint.protocol().equals(Protocol.TCP)
            && !endpoint.protocol().equals(Protocol.UDP)
            && !endpoint.protocol().equals(Protocol.SCTP)
        ? Optional.of(
            lost(key, "ipvsadm has no option for the protocol " + endpoint.protocol().number()))
        : Optional.empty();
  }

  private static Optional<Loss> zeroObstacle(ServiceKey key) {
    return key instanceof ServiceKey.Endpoint endpoint
            && endpoint.port() == 0
            && endpoint.address().isAnyLocalAddress()
        ? Optional.of(lost(key, "ipvsadm takes the service " + key + " for all services"))
        : obstacle(key);
  }

  private static Loss lost(ServiceKey service, String why) {
    return new Loss(Loss.Kind.SERVICE, service.toString(), why);
  }

  static Optional<Loss> obstacle(SyncDaemon daemon) {
    return changedName(daemon.interfaceName())
        .map(why -> new Loss(Loss.Kind.SYNC_DAEMON, daemon.toString(), why));
  }

  /** Why libpopt would change a name. */
  private static Optional<String> changedName(String name) {
    return name.contains(RuleLine.POPT_SUBSTITUTION)
        ? Optional.of(
            "ipvsadm replaces the '" + RuleLine.POPT_SUBSTITUTION + "' of the name " + name)
        : Optional.empty();
  }

  private static Optional<Loss> obstacle(ServiceKey service, RealServer server) {
    return obstacle(service)
        .or(() -> forwardingObstacle(service, server))
        .or(() -> weightObstacle(service, server))
        .or(() -> thresholdsObstacle(service, server))
        .or(() -> portObstacle(service, server));
  }

  static Optional<Loss> forwardingObstacle(ServiceKey service, RealServer server) {
    String why = "";
    if (server.forwarding() instanceof Forwarding.Other) {
      why = "ipvsadm has no option for the forwarding method " + server.forwarding();
    } else if (server.forwarding() instanceof Forwarding.Tunnel tunnel) {
      if (!known(tunnel.encapsulation())) {
        why = "ipvsadm has no options for the tunnel " + tunnel.encapsulation();
      }
    } else if (AddressFamily.of(server.address()) != service.family()) {
      why = "ipvsadm, like the kernel, mixes address families only for tunnels";
    }
    return why.isEmpty()
        ? Optional.empty()
        : Optional.of(new Loss(Loss.Kind.SERVER, target(service, server), why));
  }

  private static String target(ServiceKey service, RealServer server) {
    return server.key() + " of " + service;
  }

  private static boolean known(Encapsulation encapsulation) {
    return switch (encapsulation.type()) {
      case Encapsulation.TYPE_IPIP -> encapsulation.equals(Encapsulation.ipip());
      case Encapsulation.TYPE_GUE ->
          encapsulation.port() != 0 && encapsulation.flags() <= Encapsulation.FLAG_REMOTE_CHECKSUM;
      case Encapsulation.TYPE_GRE ->
          encapsulation.port() == 0 && encapsulation.flags() <= Encapsulation.FLAG_CHECKSUM;
      default -> false;
    };
  }

  static Optional<Loss> weightObstacle(ServiceKey service, RealServer server) {
    return server.weight() > RealServer.MAX_WEIGHT
        ? Optional.of(
            new Loss(
                Loss.Kind.WEIGHT,
                target(service, server),
                "ipvsadm takes weights up to 65535, not " + server.weight()))
        : Optional.empty();
  }

  static Optional<Loss> thresholdsObstacle(ServiceKey service, RealServer server) {
    return Math.max(server.upperThreshold(), server.lowerThreshold()) > Integer.MAX_VALUE
        ? Optional.of(
            new Loss(
                Loss.Kind.THRESHOLDS,
                target(service, server),
                "ipvsadm takes thresholds up to 2147483647, not "
                    + server.upperThreshold()
                    + " and "
                    + server.lowerThreshold()))
        : Optional.empty();
  }

  static Optional<Loss> portObstacle(ServiceKey service, RealServer server) {
    return service instanceof ServiceKey.Endpoint endpoint
            && endpoint.port() != server.port()
            && !(server.forwarding() instanceof Forwarding.Masquerade)
        ? Optional.of(
            new Loss(
                Loss.Kind.PORT,
                target(service, server),
                "ipvsadm gives a server that is not masqueraded the service's port "
                    + endpoint.port()
                    + " instead of "
                    + server.port()))
        : Optional.empty();
  }
}
