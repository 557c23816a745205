// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import io.lvstun.host.HostChange;
import org.jspecify.annotations.Nullable;

/**
 * A planned step with what it changes.
 *
 * @param shown the step for people
 * @param change what it changes; null if it is for people to do
 * @param group the steps of one group stand and fall together
 */
record Task(PlannedStep shown, @Nullable HostChange change, int group) {}
