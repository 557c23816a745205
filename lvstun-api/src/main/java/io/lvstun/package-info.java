// SPDX-License-Identifier: Apache-2.0
/** Virtual services, real servers, and the director that makes the kernel agree with them. */
@CheckReturnValue
@NullMarked
package io.lvstun;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
