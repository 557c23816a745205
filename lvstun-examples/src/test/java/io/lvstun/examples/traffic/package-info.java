// SPDX-License-Identifier: Apache-2.0
/**
 * Services of every kind with requests that arrive: what the api says is what packets do. Each test
 * has evidence from a second tool: a capture, the {@code ipvsadm} binary, or the real server.
 */
@NullMarked
package io.lvstun.examples.traffic;

import org.jspecify.annotations.NullMarked;
