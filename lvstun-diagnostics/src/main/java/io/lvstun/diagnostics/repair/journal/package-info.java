// SPDX-License-Identifier: Apache-2.0
/** The journal of a run on a host: what was done, and how to undo it. */
@NullMarked
package io.lvstun.diagnostics.repair.journal;

import org.jspecify.annotations.NullMarked;
