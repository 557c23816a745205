// SPDX-License-Identifier: Apache-2.0
/** Runs checks in the order of their dependencies, and finds root causes. */
@NullMarked
package io.lvstun.diagnostics.engine;

import org.jspecify.annotations.NullMarked;
