// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import io.lvstun.ForeignText;

/** Names of links. */
final class LinkNames {

  private LinkNames() {}

  /**
   * Checks a name before it goes into a message, which takes ASCII only.
   *
   * @throws IllegalArgumentException if it cannot be one
   */
  static String link(String name) {
    if (name.isEmpty()
        || name.length() > 15
        || !name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/')) {
      throw new IllegalArgumentException(
          "link must be 1 to 15 printable ASCII characters without spaces or '/', not \""
              + ForeignText.excerpt(name, 64)
              + '"');
    }
    return name;
  }
}
