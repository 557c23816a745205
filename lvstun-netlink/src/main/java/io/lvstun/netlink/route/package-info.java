// SPDX-License-Identifier: Apache-2.0
/** The route family: links, addresses, tunnels. */
@NullMarked
package io.lvstun.netlink.route;

import org.jspecify.annotations.NullMarked;
