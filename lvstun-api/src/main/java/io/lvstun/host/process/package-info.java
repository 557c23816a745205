// SPDX-License-Identifier: Apache-2.0
/** The one way in which this library runs programs of the machine it runs on. */
@NullMarked
package io.lvstun.host.process;

import org.jspecify.annotations.NullMarked;
