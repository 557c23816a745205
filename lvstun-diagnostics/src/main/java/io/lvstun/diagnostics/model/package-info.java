// SPDX-License-Identifier: Apache-2.0
/** Checks and findings, remedies, and the cluster that is judged. */
@NullMarked
package io.lvstun.diagnostics.model;

import org.jspecify.annotations.NullMarked;
