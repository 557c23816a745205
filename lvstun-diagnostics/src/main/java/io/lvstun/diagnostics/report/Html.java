// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.ForeignText;

/** Writes HTML. All text is escaped; there is no way to write markup that comes from a host. */
final class Html {

  private final StringBuilder text = new StringBuilder(1 << 14);

  /** Writes markup of the page itself. */
  Html raw(String markup) {
    text.append(markup);
    return this;
  }

  /** Writes text on one line. */
  Html text(String content) {
    text.append(escape(ForeignText.line(content)));
    return this;
  }

  /** Writes an element with text on one line. */
  Html element(String name, String classes, String content) {
    text.append('<').append(name);
    if (!classes.isEmpty()) {
      text.append(" class=\"").append(escape(classes)).append('"');
    }
    text.append('>')
        .append(escape(ForeignText.line(content)))
        .append("</")
        .append(name)
        .append(">\n");
    return this;
  }

  /** Writes lines as they are. */
  Html lines(String content) {
    text.append("<pre>");
    content.lines().forEach(line -> text.append(escape(ForeignText.line(line))).append('\n'));
    text.append("</pre>\n");
    return this;
  }

  static String escape(String content) {
    return content
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
