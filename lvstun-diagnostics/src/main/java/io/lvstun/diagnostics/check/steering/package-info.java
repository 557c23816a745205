// SPDX-License-Identifier: Apache-2.0
/** Checks of what steers clients: marks, geography, weights by load. */
@NullMarked
package io.lvstun.diagnostics.check.steering;

import org.jspecify.annotations.NullMarked;
