// SPDX-License-Identifier: Apache-2.0
/** Sections of text as they were collected, and the reading of such text. */
@NullMarked
package io.lvstun.diagnostics.facts.section;

import org.jspecify.annotations.NullMarked;
