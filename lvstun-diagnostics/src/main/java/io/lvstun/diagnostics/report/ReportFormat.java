// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.script.BundledText;

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
  },
  /** XML as continuous integration servers read it: a suite a host, a case a check. */
  JUNIT {
    @Override
    public String write(Report report) {
      return JunitReport.write(report);
    }
  },
  /** One HTML page that needs nothing else, with the cluster drawn. */
  HTML {
    @Override
    public String write(Report report) {
      return HtmlReport.write(report);
    }
  };

  /**
   * Returns the schema of {@link #JSON}.
   *
   * @return a JSON Schema of the draft 2020-12
   */
  public static String jsonSchema() {
    return BundledText.beside(ReportFormat.class, "report.schema.json");
  }

  /**
   * Writes a report.
   *
   * @param report the report
   * @return the text, which ends with a line feed
   */
  public abstract String write(Report report);
}
