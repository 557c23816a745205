// SPDX-License-Identifier: Apache-2.0
/** The scripts that the doctor brings along, and how they run on one host or on many. */
@NullMarked
package io.lvstun.diagnostics.script;

import org.jspecify.annotations.NullMarked;
