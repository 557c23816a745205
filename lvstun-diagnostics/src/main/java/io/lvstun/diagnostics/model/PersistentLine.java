// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

/**
 * A line of a configuration file that makes a remedy last over a reboot.
 *
 * @param file absolute path
 * @param line the line, without its end
 * @since 0.1.0
 */
public record PersistentLine(String file, String line) {}
