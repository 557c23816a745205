// SPDX-License-Identifier: Apache-2.0
/** Examines an LVS-TUN cluster and says what is wrong, on which host, and how to fix it. */
@NullMarked
package io.lvstun.diagnostics;

import org.jspecify.annotations.NullMarked;
