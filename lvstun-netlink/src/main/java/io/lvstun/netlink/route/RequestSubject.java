// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

/**
 * The kind of object that a request concerns, which decides what the kernel's error numbers mean.
 */
enum RequestSubject {
  LINK,
  ADDRESS,
  ROUTE,
  RULE,
  GUE_PORT
}
