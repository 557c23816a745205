// SPDX-License-Identifier: Apache-2.0
/** Scenarios, each a runnable main and an integration test. */
@NullMarked
package io.lvstun.examples;

import org.jspecify.annotations.NullMarked;
