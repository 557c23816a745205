// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import io.lvstun.LvsException;
import io.lvstun.UnavailableException;
import java.util.OptionalInt;

/** Says that nothing can open a host's network. */
final class NoProvider {

  private NoProvider() {}

  static UnavailableException unavailable() {
    return new UnavailableException(
        new LvsException.Failure(
            "open the host's network",
            "",
            "any driver",
            "there is no driver",
            OptionalInt.empty(),
            "Add io.lvstun:lvstun-netlink to the class path or module path"));
  }
}
