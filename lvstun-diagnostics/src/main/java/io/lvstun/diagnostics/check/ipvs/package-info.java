// SPDX-License-Identifier: Apache-2.0
/** Checks of a director's IPVS table, its settings and its traffic. */
@NullMarked
package io.lvstun.diagnostics.check.ipvs;

import org.jspecify.annotations.NullMarked;
