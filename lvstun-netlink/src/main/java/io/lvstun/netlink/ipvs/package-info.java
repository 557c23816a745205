// SPDX-License-Identifier: Apache-2.0
/** The IPVS family: constants, the mapping between values and attributes, the driver. */
@NullMarked
package io.lvstun.netlink.ipvs;

import org.jspecify.annotations.NullMarked;
