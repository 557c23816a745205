// SPDX-License-Identifier: Apache-2.0
package io.lvstun.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IpvsInfoTest {

  @Test
  void infoIsTheFirstLineOfIpvsadm() {
    assertThat(new IpvsInfo(0x010201, 4096))
        .hasToString("IP Virtual Server version 1.2.1 (size=4096)");
  }
}
