// SPDX-License-Identifier: Apache-2.0
/** The control loop and its checks on a real kernel. */
@NullMarked
package io.lvstun.examples.control;

import org.jspecify.annotations.NullMarked;
