// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import io.lvstun.LvsException;
import io.lvstun.ServiceKey;
import io.lvstun.cluster.ClusterDocument;
import io.lvstun.cluster.ClusterStatement;
import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.engine.Engine;
import io.lvstun.diagnostics.facts.CollectionRequest;
import io.lvstun.diagnostics.facts.CollectionRequest.WayBack;
import io.lvstun.diagnostics.facts.Collector;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Category;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Clients;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.probe.Observation;
import io.lvstun.diagnostics.probe.Probe;
import io.lvstun.diagnostics.script.HostFanOut;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * An examination that is being prepared: what to look at, and within what limits. Made by {@link
 * Doctor#examine(Topology)}; not thread-safe.
 *
 * @since 0.1.0
 */
@CheckReturnValue
public final class Examination {

  /** So many lookups take a tenth of a second. */
  private static final int MAX_WAYS_BACK = 64;

  private static final int MAX_DIRECTOR_ADDRESSES = 32;

  private final Topology topology;
  private final List<Probe> probes = new ArrayList<>();
  private final List<Check> own = new ArrayList<>();
  private Engine engine = Doctor.engine(List.of());
  private Predicate<Check> selected = check -> true;
  private CollectionRequest limits = CollectionRequest.DEFAULTS;
  private int parallelism = 64;
  private Progress progress = Progress.SILENT;
  private Collector collector = Collector.create();

  Examination(Topology topology) {
    this.topology = topology;
  }

  /**
   * States which checks to report; all of them by default. May be called again: a check must pass
   * all filters.
   *
   * @param filter tells whether to report a check
   * @return this examination
   */
  @CanIgnoreReturnValue
  public Examination selecting(Predicate<Check> filter) {
    selected = selected.and(filter);
    return this;
  }

  /**
   * Adds a check of the caller's, which is examined and reported like those of the catalogue.
   *
   * @param check a check with a code of {@link Category#OWN}; it may depend on checks of the
   *     catalogue and on those added before
   * @return this examination
   * @throws IllegalArgumentException if its code is of another category, it has the code or slug of
   *     another check, or it depends on one that does not exist
   */
  @CanIgnoreReturnValue
  public Examination check(Check check) {
    List<Check> all = new ArrayList<>(own);
    all.add(check);
    engine = Doctor.engine(all);
    own.add(check);
    return this;
  }

  /**
   * Adds a probe, which sends packets. There are none by default.
   *
   * @param probe the probe
   * @return this examination
   */
  @CanIgnoreReturnValue
  public Examination probe(Probe probe) {
    probes.add(probe);
    return this;
  }

  /**
   * States the time between the two samples of counters; 2 seconds by default.
   *
   * @param sample 0 to 10 minutes
   * @return this examination
   * @throws IllegalArgumentException if it is out of range
   */
  @CanIgnoreReturnValue
  public Examination sample(Duration sample) {
    limits = limits.sample(sample);
    return this;
  }

  /**
   * States how long collecting from a host may take, besides the sample; 30 seconds by default.
   *
   * @param deadline 100 ms to 1 hour
   * @return this examination
   * @throws IllegalArgumentException if it is out of range
   */
  @CanIgnoreReturnValue
  public Examination deadline(Duration deadline) {
    limits = limits.deadline(deadline);
    return this;
  }

  /**
   * States how many hosts are spoken to at the same time; 64 by default.
   *
   * @param hosts at least 1
   * @return this examination
   * @throws IllegalArgumentException if it is below 1
   */
  @CanIgnoreReturnValue
  public Examination parallelism(int hosts) {
    if (hosts < 1) {
      throw new IllegalArgumentException("parallelism must be at least 1, not " + hosts);
    }
    parallelism = hosts;
    return this;
  }

  /**
   * States who hears how it gets on.
   *
   * @param listener the listener
   * @return this examination
   */
  @CanIgnoreReturnValue
  public Examination progress(Progress listener) {
    progress = listener;
    return this;
  }

  /**
   * States what collects; by default one that uses the drivers of this process for hosts on this
   * machine.
   *
   * @param collector the collector
   * @return this examination
   */
  @CanIgnoreReturnValue
  public Examination collector(Collector collector) {
    this.collector = collector;
    return this;
  }

  /**
   * Collects facts, runs the probes and analyses both.
   *
   * @return the report; a host that does not answer is a finding in it
   * @throws LvsException if the thread is interrupted, which stays so
   */
  public Report run() {
    Instant began = Instant.now();
    long start = System.nanoTime();
    Cluster cluster = collect();
    progress.analysing();
    return engine
        .examine(cluster, selected)
        .taking(began, Duration.ofNanos(System.nanoTime() - start));
  }

  /**
   * Collects facts and runs the probes.
   *
   * @return the hosts with what is known of them
   * @throws LvsException if the thread is interrupted, which stays so
   */
  public Cluster collect() {
    HostFanOut hosts = new HostFanOut("examine the cluster", "", parallelism);
    Set<InetAddress> stated = new LinkedHashSet<>(topology.addresses());
    topology.nodes().forEach(node -> stated.addAll(node.addresses()));
    Set<Long> marks = marks(topology.services());
    CollectionRequest first = limits.routeTargets(stated).marks(marks);
    Cluster cluster =
        Cluster.of(
            topology,
            hosts.each(
                topology.nodes(),
                node -> {
                  progress.collecting(node);
                  Member member = new Member(node, collector.collect(node.host(), first));
                  progress.collected(member);
                  return member;
                }));
    cluster = withRoutes(hosts, cluster, first);
    return withStatement(withProbes(cluster));
  }

  /**
   * Asks for the routes that matter as the directors' tables show; once more a host, or not at all.
   */
  private Cluster withRoutes(HostFanOut hosts, Cluster cluster, CollectionRequest asked) {
    Set<InetAddress> virtual = cluster.virtualAddresses();
    Set<InetAddress> real = new LinkedHashSet<>();
    Set<InetAddress> directors = new LinkedHashSet<>();
    for (Member director : cluster.members(Role.DIRECTOR)) {
      cluster.usesBy(director).forEach(use -> real.add(use.realAddress()));
      director.facts().addresses().known().orElse(List.of()).stream()
          .map(Address::address)
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
          .filter(address -> !virtual.contains(address))
          .limit(MAX_DIRECTOR_ADDRESSES)
          .forEach(directors::add);
    }
    cluster.members(Role.REAL_SERVER).forEach(server -> real.addAll(cluster.realAddresses(server)));
    Set<Long> marks = marks(cluster.serviceKeys());
    return Cluster.of(
        topology,
        hosts.each(
            cluster.members(),
            member -> {
              Set<InetAddress> targets = new LinkedHashSet<>(virtual);
              if (member.is(Role.DIRECTOR)) {
                targets.addAll(real);
              }
              if (member.is(Role.REAL_SERVER)) {
                targets.addAll(directors);
              }
              List<WayBack> returns =
                  member.is(Role.REAL_SERVER) ? waysBack(cluster, member) : List.of();
              if (asked.routeTargets().containsAll(targets)
                  && asked.marks().containsAll(marks)
                  && returns.isEmpty()) {
                return member;
              }
              targets.addAll(asked.routeTargets());
              CollectionRequest request = limits.routeTargets(targets).returns(returns);
              if (member.is(Role.DIRECTOR)) {
                request = request.marks(marks);
              }
              return new Member(
                  member.node(),
                  collector.collectRoutes(member.node().host(), member.facts(), request));
            }));
  }

  /** From the virtual addresses that a real server has to the vantage hosts, which are clients. */
  private static List<WayBack> waysBack(Cluster cluster, Member server) {
    List<WayBack> ways = new ArrayList<>();
    for (InetAddress virtual : cluster.virtualAddresses(server)) {
      for (InetAddress client : Clients.of(cluster, virtual)) {
        if (ways.size() < MAX_WAYS_BACK) {
          ways.add(new WayBack(virtual, client));
        }
      }
    }
    return ways;
  }

  private static Set<Long> marks(Iterable<ServiceKey> keys) {
    Set<Long> marks = new LinkedHashSet<>();
    for (ServiceKey key : keys) {
      if (key instanceof ServiceKey.Mark mark) {
        marks.add(mark.mark());
      }
    }
    return marks;
  }

  /** Each probe sees what those before it have noted. */
  private Cluster withProbes(Cluster collected) {
    Cluster cluster = collected;
    for (Probe probe : probes) {
      progress.probing(probe.code());
      Map<String, List<Section>> observed = new LinkedHashMap<>();
      for (Observation observation : probe.observe(cluster)) {
        observed
            .computeIfAbsent(observation.host(), unused -> new ArrayList<>())
            .add(observation.section());
      }
      if (observed.isEmpty()) {
        continue;
      }
      cluster =
          Cluster.of(
              topology,
              cluster.members().stream()
                  .map(
                      member -> {
                        HostFacts facts =
                            member.facts().with(observed.getOrDefault(member.name(), List.of()));
                        return new Member(member.node(), facts);
                      })
                  .toList());
    }
    return cluster;
  }

  /** Keeps what was stated with the facts, so that a bundle of them has it. */
  private Cluster withStatement(Cluster cluster) {
    if (!topology.statement().stated()) {
      return cluster;
    }
    Section section =
        Section.read(
            ClusterStatement.SECTION, "stated", ClusterDocument.write(topology.statement()));
    return Cluster.of(
        topology,
        cluster.members().stream()
            .map(
                member ->
                    member.is(Role.DIRECTOR) && member.facts().failure().isEmpty()
                        ? new Member(member.node(), member.facts().with(List.of(section)))
                        : member)
            .toList());
  }
}
