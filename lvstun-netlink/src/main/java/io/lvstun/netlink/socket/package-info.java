// SPDX-License-Identifier: Apache-2.0
/** Netlink sockets through JNA, with deadlines. */
@NullMarked
package io.lvstun.netlink.socket;

import org.jspecify.annotations.NullMarked;
