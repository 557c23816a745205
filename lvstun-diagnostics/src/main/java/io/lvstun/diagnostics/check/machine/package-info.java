// SPDX-License-Identifier: Apache-2.0
/** Checks of the machine: reachability, kernel, cards, tuning, persistence, cloud. */
@NullMarked
package io.lvstun.diagnostics.check.machine;

import org.jspecify.annotations.NullMarked;
