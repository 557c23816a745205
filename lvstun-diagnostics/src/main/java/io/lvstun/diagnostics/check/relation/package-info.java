// SPDX-License-Identifier: Apache-2.0
/** What several checks conclude from a host, or from two: paths, segments, uses, packets. */
@NullMarked
package io.lvstun.diagnostics.check.relation;

import org.jspecify.annotations.NullMarked;
