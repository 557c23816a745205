// SPDX-License-Identifier: Apache-2.0
/** The text format of {@code ipvsadm -S} and {@code ipvsadm -R}, read and written. */
@CheckReturnValue
@NullMarked
package io.lvstun.rules;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
