// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.UnavailableException;
import org.junit.jupiter.api.Test;

/** Without a driver on the class path, as in this module's tests. */
class HostNetworkTest {

  @Test
  void missingDriverIsNamedWithTheArtifact() {
    assertThatThrownBy(HostNetwork::open)
        .isInstanceOf(UnavailableException.class)
        .hasMessage(
            "cannot open the host's network (any driver): there is no driver. Add"
                + " io.lvstun:lvstun-netlink to the class path or module path");
  }
}
