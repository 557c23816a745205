// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.state.ServiceState;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class IpvsTableTest {

  private static HostFacts director(UnaryOperator<Recorded> edit) {
    return Clusters.edited("json-director", edit);
  }

  @Test
  void newConnectionsAreWhatGrewBetweenTheSamples() {
    IpvsTable table = Recorded.facts("json-director").ipvs().get();
    ServiceKey web = ServiceKey.tcp("192.168.1.200", 80);
    assertThat(table.newConnections(web, ServerKey.of("192.168.1.102", 80))).isPresent();
    assertThat(table.newConnections(web, ServerKey.of("192.168.1.199", 80))).isEmpty();
    assertThat(
            table.newConnections(ServiceKey.tcp("192.0.2.1", 1), ServerKey.of("192.168.1.102", 80)))
        .isEmpty();
    assertThat(table.service(ServiceKey.tcp("192.0.2.1", 1))).isEmpty();
  }

  @Test
  void hostWithoutIpvsHasNoTableAndSaysWhyNothingElseIsKnown() {
    IpvsTable table = director(facts -> facts.text("ipvs", "")).ipvs().get();
    assertThat(table.present()).isFalse();
    assertThat(table.services()).isEmpty();
    assertThat(table.connections().reason()).isEqualTo("IPVS is not loaded");
    assertThat(table.timeouts().reason()).isEqualTo("IPVS is not loaded");
  }

  @Test
  void weightIsTheLiveOneAndTheTunnelThatOfIpvsadm() {
    IpvsTable table = director(facts -> facts.replace("ipvs-save", "-w 3", "-w 77")).ipvs().get();
    ServiceState web = table.service(ServiceKey.tcp("192.168.1.200", 80)).orElseThrow();
    assertThat(web.servers()).noneMatch(server -> server.definition().weight() == 77);
    assertThat(web.servers()).anyMatch(server -> server.definition().weight() == 3);
  }

  @Test
  void tableThatIsNotUnderstoodIsUnknownAndNotEmpty() {
    Fact<IpvsTable> table =
        director(facts -> facts.text("ipvs", "/proc/net/ip_vs:TCP  zz:0050 rr\n")).ipvs();
    assertThat(table.known()).isEmpty();
    assertThat(table.reason()).startsWith("cannot understand the IPVS table: no address in zz");
    Fact<IpvsTable> driver =
        director(facts -> facts.text(IpvsTable.DRIVER, "{\"services\":[{}]}")).ipvs();
    assertThat(driver.known()).isEmpty();
  }

  @Test
  void commandsThatAreNotUnderstoodLeaveTheKindOfTunnelUnknown() {
    IpvsTable table = director(facts -> facts.text("ipvs-save", "-A -t x:80\n")).ipvs().get();
    assertThat(table.encapsulationKnown()).isFalse();
    assertThat(table.source()).isEqualTo("/proc/net/ip_vs");
    assertThat(table.services()).hasSize(4);
  }
}
