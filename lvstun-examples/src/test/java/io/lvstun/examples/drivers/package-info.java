// SPDX-License-Identifier: Apache-2.0
/** The drivers on a kernel: each held to the contract, and all compared with one another. */
@NullMarked
package io.lvstun.examples.drivers;

import org.jspecify.annotations.NullMarked;
