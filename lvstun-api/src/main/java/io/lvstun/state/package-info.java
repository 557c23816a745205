// SPDX-License-Identifier: Apache-2.0
/** What the kernel reports: services, servers, counters, connections. */
@CheckReturnValue
@NullMarked
package io.lvstun.state;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
