// SPDX-License-Identifier: Apache-2.0
/** The {@code lvstun-doctor} runner. */
@NullMarked
package io.lvstun.diagnostics.cli;

import org.jspecify.annotations.NullMarked;
