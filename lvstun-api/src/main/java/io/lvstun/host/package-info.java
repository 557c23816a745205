// SPDX-License-Identifier: Apache-2.0
/** Hosts, and programs run on them: on this machine, in a network namespace, over OpenSSH. */
@NullMarked
package io.lvstun.host;

import org.jspecify.annotations.NullMarked;
