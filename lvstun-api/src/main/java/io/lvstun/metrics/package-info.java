// SPDX-License-Identifier: Apache-2.0
/** Binds the counters of a director to Micrometer. */
@NullMarked
package io.lvstun.metrics;

import org.jspecify.annotations.NullMarked;
