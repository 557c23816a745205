// SPDX-License-Identifier: Apache-2.0
/** Checks of directors that stand in for each other. */
@NullMarked
package io.lvstun.diagnostics.check.availability;

import org.jspecify.annotations.NullMarked;
