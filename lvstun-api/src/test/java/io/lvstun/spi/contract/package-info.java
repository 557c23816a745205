// SPDX-License-Identifier: Apache-2.0
/** What every driver promises, as tests: a behaviour is here or it is not promised. */
@NullMarked
package io.lvstun.spi.contract;

import org.jspecify.annotations.NullMarked;
