// SPDX-License-Identifier: Apache-2.0
/** Reads and writes netlink messages and attributes on byte buffers. */
@NullMarked
package io.lvstun.netlink.message;

import org.jspecify.annotations.NullMarked;
