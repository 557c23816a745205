// SPDX-License-Identifier: Apache-2.0
/** The in-memory driver: the semantics of the kernel without a kernel. */
@NullMarked
package io.lvstun.memory;

import org.jspecify.annotations.NullMarked;
