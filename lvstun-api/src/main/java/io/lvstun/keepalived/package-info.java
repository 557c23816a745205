// SPDX-License-Identifier: Apache-2.0
/**
 * The configuration of keepalived, read into values and written from them.
 *
 * <p>Source of the grammar and the keywords: {@code keepalived.conf(5)} of keepalived 2.2.7, and
 * what {@code keepalived -t} of that version accepts.
 */
@CheckReturnValue
@NullMarked
package io.lvstun.keepalived;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
