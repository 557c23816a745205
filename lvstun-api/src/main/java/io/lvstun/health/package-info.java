// SPDX-License-Identifier: Apache-2.0
/**
 * Health checks of real servers: what to check, how results count, and what follows for a pool.
 * Values and pure functions; nothing here reads a clock, waits or opens a socket.
 */
@CheckReturnValue
@NullMarked
package io.lvstun.health;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
