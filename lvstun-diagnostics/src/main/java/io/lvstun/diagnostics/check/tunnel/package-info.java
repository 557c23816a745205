// SPDX-License-Identifier: Apache-2.0
/** Checks of the tunnel's end on a real server. */
@NullMarked
package io.lvstun.diagnostics.check.tunnel;

import org.jspecify.annotations.NullMarked;
