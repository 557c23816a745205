// SPDX-License-Identifier: Apache-2.0
/** Links, addresses, routes, neighbours and network cards of a host. */
@NullMarked
package io.lvstun.diagnostics.facts.link;

import org.jspecify.annotations.NullMarked;
