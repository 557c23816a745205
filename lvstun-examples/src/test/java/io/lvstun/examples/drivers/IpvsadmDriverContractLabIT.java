// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import io.lvstun.ipvsadm.IpvsadmDriverProvider;

final class IpvsadmDriverContractLabIT extends KernelDriverContract {

  IpvsadmDriverContractLabIT() {
    super(new IpvsadmDriverProvider());
  }

  @Override
  public boolean reportsErrno() {
    return false;
  }

  // A run of the program takes an emulated processor a tenth of a second, and a change several
  // runs.

  @Override
  public int largeBatch() {
    return 150;
  }

  @Override
  public int changesPerThread() {
    return 3;
  }
}
