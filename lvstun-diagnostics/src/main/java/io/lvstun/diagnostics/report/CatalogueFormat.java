// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.diagnostics.model.Check;
import java.util.List;

/**
 * A form that the catalogue of checks can be written in.
 *
 * @since 0.1.0
 */
public enum CatalogueFormat {
  /** Text, a line a check. */
  TEXT {
    @Override
    public String write(List<Check> checks) {
      return CatalogueText.list(checks);
    }
  },
  /** JSON, with all that is known of each check. */
  JSON {
    @Override
    public String write(List<Check> checks) {
      return CatalogueJson.write(checks);
    }
  },
  /** The page {@code docs/reference/checks.md}. */
  MARKDOWN {
    @Override
    public String write(List<Check> checks) {
      return CatalogueMarkdown.write(checks);
    }
  };

  /**
   * Writes checks.
   *
   * @param checks the checks
   * @return the text, which ends with a line feed
   */
  public abstract String write(List<Check> checks);

  /**
   * Writes all that is known of checks, as text for people.
   *
   * @param checks the checks
   * @return the text, which ends with a line feed
   */
  public static String explain(List<Check> checks) {
    return CatalogueText.whole(checks);
  }
}
