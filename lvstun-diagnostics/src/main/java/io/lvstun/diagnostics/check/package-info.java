// SPDX-License-Identifier: Apache-2.0
/** The catalogue of checks: pure functions from facts to findings. */
@NullMarked
package io.lvstun.diagnostics.check;

import org.jspecify.annotations.NullMarked;
