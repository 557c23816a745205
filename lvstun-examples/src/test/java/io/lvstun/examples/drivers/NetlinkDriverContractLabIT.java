// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import io.lvstun.netlink.NetlinkDriverProvider;

final class NetlinkDriverContractLabIT extends KernelDriverContract {

  NetlinkDriverContractLabIT() {
    super(new NetlinkDriverProvider());
  }

  @Override
  public boolean reportsErrno() {
    return true;
  }
}
