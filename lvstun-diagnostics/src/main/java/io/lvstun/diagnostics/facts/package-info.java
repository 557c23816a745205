// SPDX-License-Identifier: Apache-2.0
/** The facts of a host, and how they are collected. */
@NullMarked
package io.lvstun.diagnostics.facts;

import org.jspecify.annotations.NullMarked;
