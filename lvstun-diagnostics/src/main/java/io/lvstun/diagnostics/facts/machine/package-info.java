// SPDX-License-Identifier: Apache-2.0
/** The kernel, its settings and counters, and the machine under it. */
@NullMarked
package io.lvstun.diagnostics.facts.machine;

import org.jspecify.annotations.NullMarked;
