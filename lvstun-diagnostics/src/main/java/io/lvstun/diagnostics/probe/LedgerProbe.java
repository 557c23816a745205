// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.ServiceKey;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Sends requests once more when some were not answered, and reads the counters of all hosts before
 * and after. Where all were answered there is nothing to look for, and no host is spoken to.
 */
final class LedgerProbe implements Probe {

  private static final int MOST_ADDRESSES = 64;

  private final Duration connect;
  private final Duration idle;

  LedgerProbe(Duration connect, Duration idle) {
    this.connect = connect;
    this.idle = idle;
  }

  @Override
  public String code() {
    return Codes.HOP_LEDGER;
  }

  @Override
  public List<Observation> observe(Cluster cluster) {
    List<Observation> observations = new ArrayList<>();
    // One after the other: their requests must not be taken for each other's.
    for (Member vantage : Connections.vantages(cluster)) {
      List<ConnectionAttempt> attempts =
          vantage
              .facts()
              .understand(Connections.CONNECT, ConnectionAttempt::parse)
              .known()
              .orElse(List.of());
      if (attempts.isEmpty()) {
        observations.add(
            new Observation(
                vantage.name(),
                Section.absent(HopLedger.REQUESTS, "no connection was tried: see PRB-001")));
      } else if (attempts.stream().allMatch(attempt -> attempt.outcome().opened())) {
        observations.add(
            new Observation(
                vantage.name(),
                vantage
                    .facts()
                    .section(Connections.CONNECT)
                    .map(
                        section ->
                            Section.read(HopLedger.REQUESTS, section.source(), section.text()))
                    .orElseThrow()));
      } else {
        observations.addAll(look(cluster, vantage, attempts));
      }
    }
    return observations;
  }

  private List<Observation> look(
      Cluster cluster, Member vantage, List<ConnectionAttempt> attempts) {
    Set<String> failing = new LinkedHashSet<>();
    attempts.stream()
        .filter(attempt -> !attempt.outcome().opened())
        .forEach(attempt -> failing.add(attempt.service()));
    List<ServiceKey.Endpoint> services =
        Connections.services(cluster).stream()
            .filter(service -> failing.contains(text(service)))
            .toList();
    List<Member> hosts =
        cluster.members().stream()
            .filter(member -> member.facts().failure().isEmpty())
            .filter(member -> !member.is(Role.VANTAGE))
            .toList();
    List<String> sources = sources(vantage, attempts);
    List<Observation> observations =
        new ArrayList<>(CounterSamples.read(hosts, HopLedger.IDLE, List.of()));
    pause();
    observations.addAll(CounterSamples.read(hosts, HopLedger.BEFORE, List.of()));
    observations.add(
        new Observation(
            vantage.name(),
            Connections.run(
                vantage,
                HopLedger.REQUESTS,
                cluster,
                services,
                connect,
                Duration.ofSeconds(1),
                0,
                Connections.MOST_EACH)));
    observations.addAll(CounterSamples.read(hosts, HopLedger.AFTER, sources));
    return observations;
  }

  private static String text(ServiceKey.Endpoint service) {
    String address = io.lvstun.IpAddress.format(service.address());
    return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + service.port();
  }

  /** The addresses that the director may see the requests come from, as its table has them. */
  private static List<String> sources(Member vantage, List<ConnectionAttempt> attempts) {
    Set<String> sources = new LinkedHashSet<>();
    for (ConnectionAttempt attempt : attempts) {
      if (!attempt.source().equals("-")) {
        sources.add(CounterGrowth.hexadecimal(attempt.source()));
      }
    }
    for (Address address : vantage.facts().addresses().known().orElse(List.of())) {
      if (!address.address().isLoopbackAddress() && sources.size() < MOST_ADDRESSES) {
        sources.add(CounterGrowth.hexadecimal(io.lvstun.IpAddress.format(address.address())));
      }
    }
    return List.copyOf(sources);
  }

  private void pause() {
    try {
      Thread.sleep(idle.toMillis());
    } catch (InterruptedException e) {
      // What follows speaks to hosts, which tells of the interruption.
      Thread.currentThread().interrupt();
    }
  }
}
