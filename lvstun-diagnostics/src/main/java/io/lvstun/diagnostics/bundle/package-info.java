// SPDX-License-Identifier: Apache-2.0
/** Bundles of facts, to be analysed elsewhere and later. */
@NullMarked
package io.lvstun.diagnostics.bundle;

import org.jspecify.annotations.NullMarked;
