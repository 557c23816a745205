// SPDX-License-Identifier: Apache-2.0
/** The IPVS table of a host, and the configuration of keepalived. */
@NullMarked
package io.lvstun.diagnostics.facts.ipvs;

import org.jspecify.annotations.NullMarked;
