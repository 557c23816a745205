// SPDX-License-Identifier: Apache-2.0
/** Probes that send real packets. */
@NullMarked
package io.lvstun.diagnostics.probe;

import org.jspecify.annotations.NullMarked;
