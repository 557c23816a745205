// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import io.lvstun.netlink.NetlinkDriverProvider;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Thousands of random sequences of commands leave kernel and memory in agreement. */
final class MemoryNetlinkPropertyLabIT {

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void memoryDoesWhatTheKernelDoes() {
    EquivalenceProperty.check(new NetlinkDriverProvider(), 1_000, true, true);
  }

  @Tag("deep")
  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void memoryDoesWhatTheKernelDoesAtLength() {
    EquivalenceProperty.check(new NetlinkDriverProvider(), 10_000, true, true);
  }
}
