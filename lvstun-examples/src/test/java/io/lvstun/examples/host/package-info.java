// SPDX-License-Identifier: Apache-2.0
/** Changes of hosts against real kernels, files and tools. */
@org.jspecify.annotations.NullMarked
package io.lvstun.examples.host;
