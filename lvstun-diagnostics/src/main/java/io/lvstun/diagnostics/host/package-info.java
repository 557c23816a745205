// SPDX-License-Identifier: Apache-2.0
/** Hosts, and the facts that are collected from them. */
@NullMarked
package io.lvstun.diagnostics.host;

import org.jspecify.annotations.NullMarked;
