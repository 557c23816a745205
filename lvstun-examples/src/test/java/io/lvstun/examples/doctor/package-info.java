// SPDX-License-Identifier: Apache-2.0
/** The doctor on the lab's clusters: healthy ones, and ones with faults that were put in. */
@NullMarked
package io.lvstun.examples.doctor;

import org.jspecify.annotations.NullMarked;
