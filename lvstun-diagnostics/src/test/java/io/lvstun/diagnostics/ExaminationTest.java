// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.cluster.Node;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.diagnostics.probe.Observation;
import io.lvstun.diagnostics.probe.Probe;
import io.lvstun.host.Host;
import io.lvstun.host.HostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ExaminationTest {

  private static final HostFacts DEAD =
      HostFacts.unreachable("netns:x", Instant.EPOCH, Duration.ZERO, "no route");

  /** Notes what it is told. */
  private static final class Events implements Progress {

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void collecting(Node node) {
      events.add("collecting " + node.name());
    }

    @Override
    public void collected(Member member) {
      events.add("collected " + member.name());
    }

    @Override
    public void probing(String code) {
      events.add("probing " + code);
    }

    @Override
    public void analysing() {
      events.add("analysing");
    }
  }

  private static Topology topology() {
    return Topology.builder()
        .director("lb", Host.netns("no-such-director"))
        .realServer("rs", Host.netns("no-such-server"))
        .build();
  }

  private static Probe probe(String code, Function<Cluster, List<Observation>> work) {
    return new Probe() {
      @Override
      public String code() {
        return code;
      }

      @Override
      public List<Observation> observe(Cluster cluster) {
        return work.apply(cluster);
      }
    };
  }

  @Test
  void hostsThatAreNotThereAreInTheReportAndEventsComeInTheirOrder() {
    Events events = new Events();
    Report report =
        Doctor.examine(topology())
            .sample(Duration.ZERO)
            .parallelism(1)
            .progress(events)
            .probe(probe("PRB-001", cluster -> List.of()))
            .selecting(check -> check.code().equals("HST-001"))
            .run();
    assertThat(report.findings(Status.FAIL)).extracting(Finding::host).contains("lb", "rs");
    assertThat(events.events)
        .containsExactly(
            "collecting lb",
            "collected lb",
            "collecting rs",
            "collected rs",
            "probing PRB-001",
            "analysing");
    assertThat(report.took()).isPositive();
  }

  @Test
  void laterProbesSeeWhatEarlierOnesNoted() {
    AtomicReference<String> seen = new AtomicReference<>("");
    Cluster cluster =
        Doctor.examine(Topology.builder().director("lb", Host.local()).build())
            .sample(Duration.ZERO)
            .probe(
                probe(
                    "PRB-001",
                    before ->
                        List.of(new Observation("lb", Section.read("probe.a", "", "noted\n")))))
            .probe(
                probe(
                    "PRB-002",
                    before -> {
                      seen.set(before.members().get(0).facts().text("probe.a").get());
                      return List.of();
                    }))
            .collect();
    assertThat(seen).hasValue("noted\n");
    assertThat(cluster.members().get(0).facts().section("probe.a")).isPresent();
  }

  @Test
  void whatIsOutOfRangeIsRefusedAtOnce() {
    Examination examination = Doctor.examine(topology());
    assertThatThrownBy(() -> examination.parallelism(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parallelism must be at least 1, not 0");
    assertThatThrownBy(() -> examination.sample(Duration.ofMinutes(11)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> examination.deadline(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void interruptIsToldAndKept() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> Doctor.examine(topology()).sample(Duration.ZERO).collect())
          .isInstanceOf(HostException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void filtersOfChecksAddUp() {
    Cluster cluster = Clusters.of(topology(), DEAD, DEAD);
    assertThat(Doctor.analyse(cluster, check -> check.code().equals("HST-001")).findings())
        .extracting(Finding::code)
        .containsOnly("HST-001");
    Report report =
        Doctor.examine(topology())
            .sample(Duration.ZERO)
            .selecting(check -> check.code().startsWith("HST"))
            .selecting(check -> check.code().endsWith("-001"))
            .run();
    assertThat(report.findings()).extracting(Finding::code).containsOnly("HST-001");
  }
}
