// SPDX-License-Identifier: Apache-2.0
/** The files of a host that make a change last over a reboot. */
@NullMarked
package io.lvstun.diagnostics.repair.persist;

import org.jspecify.annotations.NullMarked;
