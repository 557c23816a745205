// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.diagnostics.Report;

/**
 * A form that a report can be written in.
 *
 * @since 0.1.0
 */
public enum ReportFormat {
  /** Text for people, without colour: root causes first, one last line with the verdict. */
  TEXT {
    @Override
    public String write(Report report) {
      return new TextReport(TextStyle.PLAIN).write(report);
    }
  },
  /** JSON; {@code docs/reference/report.schema.json} is its schema. */
  JSON {
    @Override
    public String write(Report report) {
      return JsonReport.write(report);
    }
  };

  /**
   * Writes a report.
   *
   * @param report the report
   * @return the text, which ends with a line feed
   */
  public abstract String write(Report report);
}
