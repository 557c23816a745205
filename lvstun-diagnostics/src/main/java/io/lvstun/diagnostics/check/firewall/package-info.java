// SPDX-License-Identifier: Apache-2.0
/** Checks of the packet filters. */
@NullMarked
package io.lvstun.diagnostics.check.firewall;

import org.jspecify.annotations.NullMarked;
