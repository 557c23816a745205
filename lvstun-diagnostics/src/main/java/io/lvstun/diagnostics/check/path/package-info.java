// SPDX-License-Identifier: Apache-2.0
/** Checks of the way of packets: reverse path, ARP, MTU, addresses that are refused, IPv6. */
@NullMarked
package io.lvstun.diagnostics.check.path;

import org.jspecify.annotations.NullMarked;
