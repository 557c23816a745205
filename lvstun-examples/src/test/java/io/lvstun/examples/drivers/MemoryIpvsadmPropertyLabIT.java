// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import io.lvstun.ipvsadm.IpvsadmDriverProvider;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same through ipvsadm: fewer sequences, because each read starts several processes. */
final class MemoryIpvsadmPropertyLabIT {

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void memoryDoesWhatTheKernelDoesThroughIpvsadm() {
    EquivalenceProperty.check(new IpvsadmDriverProvider(), 20, false, false);
  }

  @Tag("deep")
  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void memoryDoesWhatTheKernelDoesThroughIpvsadmAtLength() {
    EquivalenceProperty.check(new IpvsadmDriverProvider(), 200, false, false);
  }
}
