// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import io.lvstun.netlink.NetlinkDriverProvider;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Thousands of random sequences of commands leave kernel and memory in agreement. */
final class MemoryNetlinkPropertyLabIT {

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void memoryDoesWhatTheKernelDoes() {
    EquivalenceProperty.check(new NetlinkDriverProvider(), 2_500, true, true);
  }
}
