// SPDX-License-Identifier: Apache-2.0
/** Options that several of the runner's commands share. */
@NullMarked
package io.lvstun.diagnostics.cli.option;

import org.jspecify.annotations.NullMarked;
