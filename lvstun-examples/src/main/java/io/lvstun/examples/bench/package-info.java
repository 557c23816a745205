// SPDX-License-Identifier: Apache-2.0
/**
 * Measures, in a guest of the lab, how fast the tables of a kernel are written and read: by the
 * floor of {@code bench/floor.c}, by {@code ipvsadm}, and by the library, warm and cold. {@code lab
 * bench} runs it.
 */
@NullMarked
package io.lvstun.examples.bench;

import org.jspecify.annotations.NullMarked;
