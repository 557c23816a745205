// SPDX-License-Identifier: Apache-2.0
/** Checks of what the probes saw. */
@NullMarked
package io.lvstun.diagnostics.check.probe;

import org.jspecify.annotations.NullMarked;
