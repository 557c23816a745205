// SPDX-License-Identifier: Apache-2.0
/** The netlink driver: its provider and its options. */
@NullMarked
package io.lvstun.netlink;

import org.jspecify.annotations.NullMarked;
