// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command of the runner came to.
 *
 * @param status the exit status
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record DoctorRun(int status, String out, String err) {

  private static final ToolProvider DOCTOR = ToolProvider.findFirst("lvstun-doctor").orElseThrow();

  /**
   * A finding as the runner's JSON has it.
   *
   * @param causedBy the codes that explain it
   * @param remedy what is to be done, in words
   * @param risk what that may break; empty if there is no remedy
   * @param steps its commands
   */
  record Found(
      String code,
      String status,
      String host,
      boolean rootCause,
      boolean notable,
      String observed,
      List<String> causedBy,
      String remedy,
      String risk,
      List<String> steps) {

    static Found of(JsonNode node) {
      return new Found(
          node.path("code").asString(),
          node.path("status").asString(),
          node.path("host").asString(),
          node.path("rootCause").asBoolean(),
          node.path("notable").asBoolean(),
          node.path("observed").asString(),
          node.path("causedBy").valueStream().map(JsonNode::asString).toList(),
          node.path("remedy").path("text").asString(""),
          node.path("remedy").path("risk").asString(""),
          node.path("remedy")
              .path("actions")
              .valueStream()
              .map(step -> step.path("text").asString())
              .toList());
    }

    /** Whether its remedy is an advice to people, which no program can follow. */
    boolean advice() {
      return risk.equals("MANUAL") && steps.isEmpty();
    }

    boolean wrong() {
      return status.equals("FAIL") || status.equals("WARN");
    }

    @Override
    public String toString() {
      return status
          + " "
          + code
          + " "
          + host
          + ": "
          + observed
          + (rootCause ? " (root cause)" : "");
    }
  }

  /** Runs a command within this process. */
  static DoctorRun of(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        DOCTOR.run(new PrintWriter(out), new PrintWriter(err), arguments.toArray(new String[0]));
    return new DoctorRun(status, out.toString(), err.toString());
  }

  /** The findings of a report in JSON. */
  List<Found> findings() {
    List<Found> findings = new ArrayList<>();
    if (!out.startsWith("{")) {
      throw new AssertionError("no report, but " + status + ":\n" + out + err);
    }
    for (JsonNode node : JsonMapper.shared().readTree(out).path("findings")) {
      findings.add(Found.of(node));
    }
    return findings;
  }

  static String lines(List<Found> findings) {
    return findings.stream().map(Found::toString).collect(Collectors.joining("\n"));
  }
}
