// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KeepalivedDirectorTest {

  @Test
  void priorityOfAnInstanceOverridesTheDirectors() {
    KeepalivedDirector director = KeepalivedDirector.of("lb 1", 100).priority("VI_2", 90);
    assertThat(director.priorityIn("VI_1")).isEqualTo(100);
    assertThat(director.priorityIn("VI_2")).isEqualTo(90);
    assertThat(
            director
                .address("192.0.2.1")
                .interfaceName("eth9")
                .priority("VI_2", 80)
                .priorityIn("VI_2"))
        .isEqualTo(80);
    assertThat(director.priorities()).containsExactly(Map.entry("VI_2", 90));
  }

  @Test
  void refusals() {
    KeepalivedDirector director = KeepalivedDirector.of("a", 255);
    assertThatThrownBy(() -> KeepalivedDirector.of("a", 0))
        .hasMessage("priority must be 1 to 255, not 0");
    assertThatThrownBy(() -> director.priority("VI_1", 256))
        .hasMessage("priority must be 1 to 255, not 256");
    assertThatThrownBy(() -> director.priority("V 1", 5))
        .hasMessageStartingWith("vrrp_instance must be");
    assertThatThrownBy(() -> director.address("host")).hasMessageContaining("literal");
    assertThatThrownBy(() -> director.interfaceName(""))
        .hasMessageStartingWith("interface must be");
    assertThatThrownBy(() -> KeepalivedDirector.of("a\"", 1))
        .hasMessageStartingWith("router_id must be");
  }
}
