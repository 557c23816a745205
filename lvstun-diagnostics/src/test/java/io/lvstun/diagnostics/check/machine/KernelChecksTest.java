// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.machine;

import static io.lvstun.diagnostics.model.Clusters.commands;
import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static io.lvstun.diagnostics.model.Clusters.onDirector;
import static io.lvstun.diagnostics.model.Clusters.onServer;
import static io.lvstun.diagnostics.model.Clusters.plainDirector;
import static io.lvstun.diagnostics.model.Clusters.withServer;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Encapsulation;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.PersistentLine;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.Host;
import io.lvstun.host.HostChange;
import io.lvstun.host.Risk;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules, devices that modules make, features, and what a reboot loses. */
class KernelChecksTest {

  private static final HostFacts SERVER = Recorded.facts("json-rs1");

  /** A cluster whose services are stated. */
  private static Finding desired(VirtualService service, HostFacts director, String code) {
    Topology topology =
        Topology.builder()
            .director("director", Host.netns("director"))
            .realServer("rs", Host.netns("rs"))
            .desired(service)
            .build();
    return finding(Clusters.of(topology, director, SERVER), code, "director");
  }

  private static VirtualService web(Scheduler scheduler) {
    return VirtualService.tcp("192.168.1.200", 80)
        .scheduler(scheduler)
        .addRealServer("192.168.1.101")
        .tunnel();
  }

  @Nested
  class Ipvs {

    private Recorded without(Recorded facts) {
      return facts.absent("ipvs").without("modules", "/ip_vs");
    }

    @Test
    void passesWithATable() {
      assertThat(onDirector("KRN-001", facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @Test
    void failsWhereItCouldBeLoaded() {
      Finding finding = onDirector("KRN-001", this::without);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding)).containsExactly("modprobe ip_vs");
      assertThat(finding.remedy().orElseThrow().persistent())
          .containsExactly(new PersistentLine("/etc/modules-load.d/lvstun.conf", "ip_vs"));
    }

    @Test
    void failsOtherwiseWhereTheKernelHasNone() {
      Finding finding =
          onDirector("KRN-001", facts -> without(facts).without("modules.available", "ip_vs"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.remedy().orElseThrow().risk()).isEqualTo(Risk.MANUAL);
    }

    @Test
    void failsWhereItIsLoadedAndNotSeen() {
      Finding finding = onDirector("KRN-001", facts -> facts.absent("ipvs"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("sees no table");
    }

    @Test
    void isAnErrorWhereModulesCannotBeRead() {
      assertThat(
              onDirector("KRN-001", facts -> without(facts).unreadable("modules", "no /sys"))
                  .status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Schedulers {

    @Test
    void passesWithLoadedAndLoadable() {
      assertThat(desired(web(Scheduler.MH), plainDirector(), "KRN-002").status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void failsWhereTheKernelHasNone() {
      Finding finding = desired(web(Scheduler.named("twos")), plainDirector(), "KRN-002");
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("twos");
    }

    @Test
    void isSkippedWhereNothingIsStated() {
      assertThat(onDirector("KRN-002", facts -> facts).status()).isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereTheListCannotBeRead() {
      HostFacts director = plainDirector(facts -> facts.unreadable("modules.available", "none"));
      assertThat(desired(web(Scheduler.named("twos")), director, "KRN-002").status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class FallbackDevice {

    @Test
    void passesWithTunl0() {
      assertThat(onServer("KRN-004", facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @Test
    void failsWithoutAnyDeviceAndMakesOne() {
      Finding finding =
          onServer(
              "KRN-004",
              facts ->
                  facts
                      .replace("link", "\"ipip\"", "\"none\"")
                      .sysctl("net/core/fb_tunnels_only_for_init_net", "2"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.evidence().get(0).excerpt()).isEqualTo("2");
      assertThat(commands(finding))
          .containsExactly("ip link add lvstun0 type ipip external", "ip link set dev lvstun0 up");
    }

    @Test
    void isSkippedBlockedOrAnError() {
      HostFacts routed =
          plainDirector(
              facts -> facts.replace("ipvs-save", "-i", "-g").replace("ipvs", "Tunnel", "Route "));
      assertThat(finding(Clusters.of(routed, SERVER), "KRN-004", "rs").status())
          .isEqualTo(Status.SKIP);
      assertThat(onServer("KRN-004", facts -> facts.unreadable("link", "no ip")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Features {

    private VirtualService gue() {
      return VirtualService.tcp("192.168.1.200", 80)
          .scheduler(Scheduler.RR)
          .addRealServer("192.168.1.101")
          .tunnel(Encapsulation.gue(6080));
    }

    @Test
    void passesOnANewKernelAndIsNotedOnAnOldOne() {
      assertThat(desired(gue(), plainDirector(), "KRN-006").notable()).isFalse();
      HostFacts old =
          plainDirector(facts -> facts.replace("identity", "6.1.0-56-amd64", "4.19.0-20-amd64"));
      Finding finding = desired(gue(), old, "KRN-006");
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isTrue();
      assertThat(finding.observed()).contains("Linux 5.2");
    }

    @Test
    void realServerNeedsTheModuleForGue() {
      UnaryOperator<Recorded> none =
          facts -> facts.without("modules", "/fou").without("modules.available", "/fou");
      HostFacts director = Clusters.edited("json-director", facts -> facts.without("ipvs", "fd00"));
      Finding finding =
          finding(Clusters.of(director, Clusters.edited("json-rs1", none)), "KRN-006", "rs");
      assertThat(finding.notable()).isTrue();
      assertThat(finding.observed()).contains("no module fou");
    }

    @Test
    void isSkippedForPlainTunnelsAndAnErrorWithoutIdentity() {
      assertThat(onDirector("KRN-006", facts -> facts).status()).isEqualTo(Status.SKIP);
      assertThat(onDirector("KRN-006", facts -> facts.unreadable("identity", "no")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class IpipModule {

    private static final HostFacts HEALTHY = Recorded.facts("json-rs1");

    private static Finding onServer(String code, UnaryOperator<Recorded> edit) {
      return finding(withServer(edited("json-rs1", edit)), code, "rs");
    }

    private static Finding onServer(String code, HostFacts facts) {
      return finding(withServer(facts), code, "rs");
    }

    private static List<String> commands(Finding finding) {
      return finding.remedy().map(Remedy::actions).orElse(List.of()).stream()
          .map(HostChange::text)
          .toList();
    }

    /** The director reaches the server by direct routing. */
    private static Cluster routed() {
      HostFacts director =
          edited(
              "json-director",
              facts ->
                  facts
                      .replace("ipvs-save", "-i", "-g")
                      .replace("ipvs", "Tunnel", "Route ")
                      .without("ipvs-save", "gue"));
      return Clusters.of(director, HEALTHY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"json-rs1", "busybox-rs1"})
    void passesWhereItIsLoaded(String recording) {
      assertThat(onServer("KRN-003", Recorded.facts(recording)).status()).isEqualTo(Status.PASS);
    }

    private HostFacts unloaded(UnaryOperator<Recorded> edit) {
      return edited(
          "json-rs1",
          facts ->
              edit.apply(
                  facts.without("modules", "/ipip").replace("link", "\"ipip\"", "\"none\"")));
    }

    @Test
    void failsWhereItCouldBeLoadedAndSaysHow() {
      Finding finding = onServer("KRN-003", unloaded(facts -> facts));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("can be");
      assertThat(finding.rootCause()).isTrue();
      assertThat(commands(finding)).containsExactly("modprobe ipip");
      Remedy remedy = finding.remedy().orElseThrow();
      assertThat(remedy.risk()).isEqualTo(Risk.SAFE);
      assertThat(remedy.persistent().get(0).file()).isEqualTo("/etc/modules-load.d/lvstun.conf");
    }

    @Test
    void failsWithAnotherRemedyWhereTheKernelHasNone() {
      Finding finding =
          onServer("KRN-003", unloaded(facts -> facts.without("modules.available", "ipip")));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.remedy().orElseThrow().risk()).isEqualTo(Risk.MANUAL);
    }

    @Test
    void passesWhereItIsBuiltIn() {
      Finding finding =
          onServer(
              "KRN-003",
              unloaded(
                  facts ->
                      facts.line("modules.available", "/lib/modules/6/modules.builtin:/ipip.ko")));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.observed()).contains("built into");
    }

    @Test
    void isSkippedWhereNoTunnelLeads() {
      Finding finding = finding(routed(), "KRN-003", "rs");
      assertThat(finding.status()).isEqualTo(Status.SKIP);
      assertThat(finding.observed()).contains("Route");
    }

    @Test
    void isAnErrorWhereModulesCannotBeRead() {
      Finding finding =
          onServer("KRN-003", facts -> facts.unreadable("modules", "permission denied"));
      assertThat(finding.status()).isEqualTo(Status.ERROR);
      assertThat(finding.observed()).contains("permission denied");
    }
  }
}
