// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.model.Evidence;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.PersistentLine;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.HostChange;
import java.util.Collection;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A report as JSON. What is added later changes nothing of what is there. */
final class JsonReport {

  static final String FORMAT = "lvstun-report";
  static final int VERSION = 1;

  private static final JsonMapper MAPPER = JsonMapper.shared();

  /** ASCII alone, so that the text steers no terminal that it is printed on. */
  private static final ObjectWriter WRITER =
      MAPPER.writerWithDefaultPrettyPrinter().with(JsonWriteFeature.ESCAPE_NON_ASCII);

  private JsonReport() {}

  static String write(Report report) {
    return WRITER.writeValueAsString(tree(report)) + "\n";
  }

  private static ObjectNode tree(Report report) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT);
    root.put("version", VERSION);
    root.put("verdict", report.verdict().name());
    root.put("summary", Summary.of(report));
    root.put("at", report.at().toString());
    root.put("tookMillis", report.took().toMillis());
    root.put("analysisMicros", report.analysisTook().toNanos() / 1000);
    ObjectNode counts = root.putObject("counts");
    for (Status status : Status.values()) {
      counts.put(status.name(), report.findings(status).size());
    }
    ArrayNode hosts = root.putArray("hosts");
    report.cluster().members().forEach(member -> host(hosts.addObject(), member));
    texts(root.putArray("services"), Summary.services(report));
    ArrayNode findings = root.putArray("findings");
    report.findings().forEach(finding -> finding(findings.addObject(), finding));
    return root;
  }

  private static void host(ObjectNode node, Member member) {
    node.put("name", member.name());
    node.put("host", member.node().host().specification());
    texts(node.putArray("roles"), member.node().roles().stream().map(Object::toString).toList());
    texts(
        node.putArray("addresses"),
        member.node().addresses().stream().map(IpAddress::format).toList());
    node.put("reached", member.facts().failure().isEmpty());
    node.put("failure", member.facts().failure().orElse(null));
    node.put("collectedAt", member.facts().collectedAt().toString());
    node.put("tookMillis", member.facts().took().toMillis());
    node.put("roundTrips", member.facts().roundTrips());
  }

  private static void finding(ObjectNode node, Finding finding) {
    node.put("code", finding.code());
    node.put("slug", finding.check().slug());
    node.put("title", finding.check().title());
    node.put("category", finding.check().category().title());
    node.put("severity", finding.check().severity().name());
    node.put("status", finding.status().name());
    node.put("host", finding.host());
    node.put("rootCause", finding.rootCause());
    node.put("notable", finding.notable());
    node.put("observed", finding.observed());
    node.put("expected", finding.expected());
    node.put("why", finding.check().why());
    ArrayNode evidence = node.putArray("evidence");
    for (Evidence piece : finding.evidence()) {
      evidence.addObject().put("source", piece.source()).put("excerpt", piece.excerpt());
    }
    if (finding.remedy().isPresent()) {
      remedy(node.putObject("remedy"), finding.remedy().get());
    } else {
      node.putNull("remedy");
    }
    texts(node.putArray("blockedBy"), finding.blockedBy());
    texts(node.putArray("causedBy"), finding.causedBy());
    node.put("documentation", finding.check().documentation());
    node.put("tookMicros", finding.took().toNanos() / 1000);
  }

  private static void remedy(ObjectNode node, Remedy remedy) {
    node.put("text", remedy.text());
    node.put("risk", remedy.risk().name());
    ArrayNode actions = node.putArray("actions");
    for (HostChange action : remedy.actions()) {
      ObjectNode step = actions.addObject();
      step.put("text", Summary.text(action));
      step.put("risk", action.risk().name());
      texts(step.putArray("command"), action.command());
    }
    ArrayNode persistent = node.putArray("persistent");
    for (PersistentLine line : remedy.persistent()) {
      persistent.addObject().put("file", line.file()).put("line", line.line());
    }
  }

  private static void texts(ArrayNode array, Collection<String> texts) {
    texts.forEach(array::add);
  }
}
