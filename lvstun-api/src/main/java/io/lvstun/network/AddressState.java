// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import java.util.Objects;

/**
 * An address that is on a link, as the kernel reports it.
 *
 * @param link the link's name
 * @param definition the address with its settings; the kernel labels IPv4 addresses with the link's
 *     name if nobody else did, which is reported as no label
 * @param tentative whether duplicate detection is under way, so that it cannot be used yet
 * @param duplicate whether duplicate detection found it on another host, so that it is not used
 * @since 0.1.0
 */
public record AddressState(
    String link, LinkAddress definition, boolean tentative, boolean duplicate) {
  /** Checks that nothing is missing. */
  public AddressState {
    Objects.requireNonNull(link, "link");
    Objects.requireNonNull(definition, "definition");
  }

  /** Returns a line such as {@code 192.0.2.1/24 dev eth0}. */
  @Override
  public String toString() {
    return definition
        + " dev "
        + link
        + (tentative ? " tentative" : "")
        + (duplicate ? " dadfailed" : "");
  }
}
