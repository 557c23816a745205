// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.section;

import java.util.Optional;
import java.util.function.Function;

/**
 * The sections that were collected from a host, by name.
 *
 * @since 0.1.0
 */
public interface Sections {

  /**
   * Returns a section as it was collected.
   *
   * @param name its name
   * @return empty if it was not collected
   */
  Optional<Section> section(String name);

  /**
   * Returns why the host could not be reached.
   *
   * @return empty if it was
   */
  Optional<String> failure();

  /**
   * Returns the text of a section.
   *
   * @param name its name
   * @return the text, or why it is not known
   */
  Fact<String> text(String name);

  /**
   * Understands a section, once; what the parser throws makes the fact unknown.
   *
   * @param <T> type of the value
   * @param name name of the section
   * @param parser makes a value of its text
   * @return the fact
   */
  <T> Fact<T> understand(String name, Function<String, T> parser);
}
