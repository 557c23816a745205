// SPDX-License-Identifier: Apache-2.0
/** The driver that runs the {@code ipvsadm} binary. */
@NullMarked
package io.lvstun.ipvsadm;

import org.jspecify.annotations.NullMarked;
