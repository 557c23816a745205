// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

/** What a request is about, which decides what the kernel's error numbers mean. */
enum RequestSubject {
  LINK,
  ADDRESS,
  ROUTE,
  RULE,
  GUE_PORT
}
