// SPDX-License-Identifier: Apache-2.0
/** Links, addresses, tunnels, routes and rules of a host: what a director and real servers need. */
@CheckReturnValue
@NullMarked
package io.lvstun.network;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
