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
}
