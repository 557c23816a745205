// SPDX-License-Identifier: Apache-2.0
/** Preparing hosts, finding what is wrong with them, and repairing it. */
@NullMarked
package io.lvstun.examples.doctor;

import org.jspecify.annotations.NullMarked;
