// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.ForeignText;
import io.lvstun.diagnostics.model.Evidence;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A report as the XML that continuous integration servers read: a test suite a host, a test case a
 * check. FAIL and WARN are failures, told apart by their type; ERROR is an error, SKIP is skipped.
 */
final class JunitReport {

  private final XMLStreamWriter xml;

  private JunitReport(XMLStreamWriter xml) {
    this.xml = xml;
  }

  static String write(Report report) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      new JunitReport(xml).suites(report);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("cannot write to memory", e);
    }
    return text.append('\n').toString();
  }

  private void suites(Report report) throws XMLStreamException {
    Map<String, List<Finding>> byHost = new LinkedHashMap<>();
    report.cluster().members().forEach(member -> byHost.put(member.name(), new ArrayList<>()));
    for (Finding finding : report.findings()) {
      byHost.computeIfAbsent(finding.host(), unused -> new ArrayList<>()).add(finding);
    }
    xml.writeStartDocument("UTF-8", "1.0");
    line(0);
    xml.writeStartElement("testsuites");
    xml.writeAttribute("name", "lvstun-doctor");
    totals(report.findings());
    xml.writeAttribute("time", seconds(report.took()));
    for (Map.Entry<String, List<Finding>> entry : byHost.entrySet()) {
      if (!entry.getValue().isEmpty()) {
        suite(report, entry.getKey(), entry.getValue());
      }
    }
    line(0);
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void suite(Report report, String host, List<Finding> findings) throws XMLStreamException {
    line(1);
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", ForeignText.line(host));
    totals(findings);
    xml.writeAttribute("skipped", count(findings, Status.SKIP));
    xml.writeAttribute("timestamp", report.at().toString());
    xml.writeAttribute(
        "time",
        seconds(
            report
                .cluster()
                .member(host)
                .map(member -> member.facts().took())
                .orElse(Duration.ZERO)));
    for (Finding finding : findings) {
      testCase(finding);
    }
    line(1);
    xml.writeEndElement();
  }

  private void totals(List<Finding> findings) throws XMLStreamException {
    xml.writeAttribute("tests", Integer.toString(findings.size()));
    xml.writeAttribute("failures", Long.toString(findings.stream().filter(Finding::wrong).count()));
    xml.writeAttribute("errors", count(findings, Status.ERROR));
  }

  private static String count(List<Finding> findings, Status status) {
    return Long.toString(findings.stream().filter(f -> f.status() == status).count());
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.6f", time.toNanos() / 1e9);
  }

  private void testCase(Finding finding) throws XMLStreamException {
    line(2);
    xml.writeStartElement("testcase");
    xml.writeAttribute(
        "classname", "lvstun." + finding.code().substring(0, finding.code().indexOf('-')));
    xml.writeAttribute("name", ForeignText.line(finding.code() + " " + finding.check().title()));
    xml.writeAttribute("time", seconds(finding.took()));
    switch (finding.status()) {
      case FAIL, WARN -> problem("failure", finding);
      case ERROR -> problem("error", finding);
      case SKIP -> {
        line(3);
        xml.writeEmptyElement("skipped");
        xml.writeAttribute("message", ForeignText.line(finding.observed()));
      }
      case PASS -> {
        line(3);
        xml.writeStartElement("system-out");
        xml.writeCharacters(ForeignText.line(finding.observed()));
        xml.writeEndElement();
      }
    }
    line(2);
    xml.writeEndElement();
  }

  private void problem(String element, Finding finding) throws XMLStreamException {
    line(3);
    xml.writeStartElement(element);
    xml.writeAttribute("type", finding.status().name());
    xml.writeAttribute("message", ForeignText.line(finding.observed()));
    xml.writeCharacters(details(finding));
    xml.writeEndElement();
  }

  private static String details(Finding finding) {
    StringBuilder text = new StringBuilder("\n");
    if (!finding.expected().isEmpty()) {
      text.append("expected: ").append(ForeignText.line(finding.expected())).append('\n');
    }
    text.append("root cause: ").append(finding.rootCause() ? "yes" : "no").append('\n');
    text.append("why: ").append(ForeignText.line(finding.check().why())).append('\n');
    for (Evidence evidence : finding.evidence()) {
      text.append("seen in: ").append(ForeignText.line(evidence.source())).append('\n');
      evidence
          .excerpt()
          .lines()
          .forEach(l -> text.append("  ").append(ForeignText.line(l)).append('\n'));
    }
    finding
        .remedy()
        .ifPresent(
            remedy -> {
              text.append("remedy: ").append(ForeignText.line(remedy.text())).append('\n');
              remedy
                  .actions()
                  .forEach(
                      a ->
                          text.append("  ").append(ForeignText.line(Summary.text(a))).append('\n'));
            });
    return text.append(finding.check().documentation()).append('\n').toString();
  }

  private void line(int depth) throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(depth));
  }
}
