// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.Director;
import io.lvstun.Encapsulation;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.memory.MemoryDriver;
import io.lvstun.state.ServiceState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class IpvsJsonTest {

  @Test
  void tableOfADriverIsReadBackAsWritten() {
    try (MemoryDriver driver = MemoryDriver.open()) {
      List<VirtualService> desired =
          List.of(
              VirtualService.tcp("192.0.2.10", 80)
                  .scheduler(Scheduler.MH)
                  .addRealServer(
                      RealServer.tunnel("192.0.2.21", Encapsulation.gue(6080).checksum())
                          .weight(7)
                          .thresholds(100, 50)),
              VirtualService.fwmark6(0xffff_ffffL).addRealServer("2001:db8::2").directRouting());
      Director.on(driver).apply(desired);
      IpvsJson table = IpvsJson.parse(IpvsJson.read(driver));
      assertThat(table.services())
          .extracting(ServiceState::definition)
          .containsExactlyInAnyOrderElementsOf(desired);
      assertThat(table.timeouts()).isEqualTo(driver.timeouts());
      assertThat(table.driver()).isEqualTo(driver.name());
      assertThat(IpvsJson.write(table)).isEqualTo(IpvsJson.read(driver));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"services\":[{}]}",
        "{\"services\":[{\"protocol\":6,\"address\":\"x\",\"port\":80}]}",
        "{\"services\":[{\"mark\":0}]}",
        "{\"syncDaemons\":[{\"role\":\"KING\"}]}",
        "{\"services\":[{\"mark\":1,\"scheduler\":\"rr\",\"servers\":[{\"address\":\"\"}]}]}"
      })
  void tableThatIsNoneIsRefused(String json) {
    assertThatThrownBy(() -> IpvsJson.parse(json)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void brokenJsonIsRefused() {
    assertThatThrownBy(() -> IpvsJson.parse("{\"services\":")).isInstanceOf(JacksonException.class);
  }
}
