// SPDX-License-Identifier: Apache-2.0
/**
 * The control loop: desired state, health and weights on one side, the kernel's table on the other,
 * kept in agreement.
 */
@CheckReturnValue
@NullMarked
package io.lvstun.control;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
