// SPDX-License-Identifier: Apache-2.0
/** What the runner writes to a terminal, and how it ends. */
@NullMarked
package io.lvstun.diagnostics.cli.terminal;

import org.jspecify.annotations.NullMarked;
