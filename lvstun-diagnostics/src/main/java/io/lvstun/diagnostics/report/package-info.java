// SPDX-License-Identifier: Apache-2.0
/** Reports as text, JSON, JUnit XML and HTML. */
@NullMarked
package io.lvstun.diagnostics.report;

import org.jspecify.annotations.NullMarked;
