// SPDX-License-Identifier: Apache-2.0
/** Remedies, plans of remedies, and their undoing. */
@NullMarked
package io.lvstun.diagnostics.repair;

import org.jspecify.annotations.NullMarked;
