// SPDX-License-Identifier: Apache-2.0
/**
 * The in-memory driver: the semantics of the kernel without a kernel, for tests and dry runs on any
 * operating system.
 */
@CheckReturnValue
@NullMarked
package io.lvstun.memory;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
