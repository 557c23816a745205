// SPDX-License-Identifier: Apache-2.0
/**
 * Steering: which pool of real servers a client is sent to, by where it is and by what its first
 * packet shows. A {@link io.lvstun.steering.Steering} describes it, a {@link
 * io.lvstun.steering.SteeringMap} is what it becomes: packet marks and one firewall-mark service a
 * pool.
 */
@CheckReturnValue
@NullMarked
package io.lvstun.steering;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
