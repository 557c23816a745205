// SPDX-License-Identifier: Apache-2.0
/** What a cluster is meant to be: its hosts, their roles, its services. */
@NullMarked
package io.lvstun.cluster;

import org.jspecify.annotations.NullMarked;
