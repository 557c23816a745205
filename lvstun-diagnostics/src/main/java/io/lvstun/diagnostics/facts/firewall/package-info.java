// SPDX-License-Identifier: Apache-2.0
/** The packet filter of a host: its rules, and what becomes of a packet in them. */
@NullMarked
package io.lvstun.diagnostics.facts.firewall;

import org.jspecify.annotations.NullMarked;
