// SPDX-License-Identifier: Apache-2.0
/** Runs health checks: on time, each once for all who ask the same, bounded whatever comes back. */
@CheckReturnValue
@NullMarked
package io.lvstun.health.runner;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
