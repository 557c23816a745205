// SPDX-License-Identifier: Apache-2.0
/** Looks up generic netlink families. */
@NullMarked
package io.lvstun.netlink.generic;

import org.jspecify.annotations.NullMarked;
