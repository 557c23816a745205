// SPDX-License-Identifier: Apache-2.0
/**
 * Weights that follow load: what load reports say, and the damped way from them to weights. Values
 * and pure functions, but for the {@link io.lvstun.weight.LoadSource sources}.
 */
@CheckReturnValue
@NullMarked
package io.lvstun.weight;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
