// SPDX-License-Identifier: Apache-2.0
/** What a driver implements: commands, outcomes, capabilities. */
@CheckReturnValue
@NullMarked
package io.lvstun.spi;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
