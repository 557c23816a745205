// SPDX-License-Identifier: Apache-2.0
/** Packets as they pass a host, captured and decoded. */
@NullMarked
package io.lvstun.diagnostics.probe.trace;

import org.jspecify.annotations.NullMarked;
