// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.awaitility.Awaitility.await;

import io.lvstun.examples.doctor.DoctorRun.Found;
import io.lvstun.examples.lab.LabHost;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes a page: for each fault of {@link Faults} what {@code ipvsadm}, keepalived's log and the
 * doctor say of it. keepalived runs on the director and checks the real servers as its manual has
 * it.
 */
final class FaultComparison {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Several rounds of keepalived's checks, with their repetitions. */
  private static final Duration ROUNDS = Duration.ofSeconds(6);

  private final PrintStream page;
  private final String wanted;

  private FaultComparison(PrintStream page, String wanted) {
    this.page = page;
    this.wanted = wanted;
  }

  /** Writes the whole page; or only the rows of faults whose names contain the first argument. */
  public static void main(String[] arguments) throws InterruptedException {
    FaultComparison comparison =
        new FaultComparison(
            new PrintStream(System.out, true, StandardCharsets.UTF_8),
            arguments.length == 0 ? "" : arguments[0]);
    if (arguments.length == 0) {
      comparison.head();
    }
    try (Patient patient = Patient.routed()) {
      comparison.rows(
          patient,
          Stream.of(Faults.tunnels(), Faults.filters(), Faults.sizes(), Faults.twoAtOnce())
              .flatMap(List::stream)
              .toList());
    }
    try (Patient patient = Patient.flat()) {
      comparison.rows(patient, Faults.flat());
    }
  }

  private void head() {
    page.println(
        """
        # What ipvsadm, keepalived and the doctor say about the same fault

        In each row one thing was broken in a cluster of the [lab](../contributing/lab.md) that worked
        before. keepalived ran on the director, had made the service, and asked each real server for
        `GET /` every second (`HTTP_GET`, to the real server's own address, as keepalived does). Then
        clients sent requests; after six seconds `ipvsadm -Ln` and what keepalived had logged since
        were read, and `lvstun-doctor check` was run.

        A row of `ipvsadm -Ln` is the real server, the method, its weight, and its active and inactive
        connections. That a server is broken does not show in it: connections that hang are counted like
        those that are done.

        The health check goes to the real server's own address, past the tunnel. So keepalived's log says
        nothing, and clients are sent to a server that they do not reach, unless the fault happens to hit
        the health check as well: an address with its whole network turns away what the real server
        answers to the director, and a director that speaks as the virtual address gets no answer at all.
        Then the servers are taken out, and why they were is the next question. No check of a real address
        can see the tunnel, the reverse path filter, or the packet filter for protocol 4.

        The table is the output of a program, not written by hand:

        ```sh
        mvn -q -DskipTests -DskipLab package
        cd lvstun-examples/target/test-classes
        ../../lab/lab run --timeout 3000 io.lvstun.examples.doctor.FaultComparison >../../../docs/concepts/comparison.md
        ```

        | broken | clients | `ipvsadm -Ln` | keepalived's log | lvstun-doctor |
        |---|---|---|---|---|\
        """);
  }

  private void rows(Patient patient, List<Fault> faults) throws InterruptedException {
    for (Service service : Service.values()) {
      List<Fault> about =
          faults.stream()
              .filter(fault -> fault.service() == service && fault.toString().contains(wanted))
              .toList();
      for (Fault fault : about) {
        row(patient, fault);
      }
    }
  }

  private void row(Patient patient, Fault fault) throws InterruptedException {
    LabHost director = patient.cluster().director();
    try (Keepalived keepalived = new Keepalived(patient.cluster(), fault.service())) {
      awaitService(patient, fault, keepalived);
      try {
        patient.run(fault.before());
        int before = keepalived.log().size();
        patient.run(fault.inject());
        patient.run(fault.forget());
        boolean served =
            fault.traffic().flows(patient.cluster(), fault.harm() ? Traffic.SHORT : PATIENCE);
        Thread.sleep(ROUNDS.toMillis());
        String table = table(director);
        List<String> log = keepalived.log();
        List<Found> found = patient.check(fault.examined(), "--sample", "1s", "--no-probes");
        page.println(
            "| "
                + String.join(
                    " | ",
                    fault.toString(),
                    served ? "served" : "not served",
                    table.isEmpty() ? "no real server" : table,
                    said(log.subList(before, log.size())),
                    said(found))
                + " |");
      } finally {
        patient.run(fault.undo());
        patient.run(fault.forget());
      }
    }
  }

  /** Clients are served, and keepalived has checked each real server. */
  private static void awaitService(Patient patient, Fault fault, Keepalived keepalived) {
    int servers = patient.cluster().realServers().size();
    await("service for " + fault)
        .atMost(PATIENCE)
        .until(() -> keepalived.checked() >= servers && patient.flows(fault.traffic()));
  }

  private static String table(LabHost director) {
    return director
        .run("ipvsadm", "-Ln")
        .lines()
        .filter(line -> line.contains("->") && !line.contains("RemoteAddress"))
        .map(line -> "`" + line.strip().replaceAll("\\s+", " ").substring(3) + "`")
        .collect(Collectors.joining("<br>"));
  }

  private static String said(List<?> words) {
    List<String> lines = new ArrayList<>();
    for (Object one : words) {
      if (one instanceof Found found) {
        if (found.rootCause()
            && found.wrong()
            && !Patient.TRUE_WARNINGS.containsKey(found.code())) {
          lines.add("**" + found.code() + "** " + found.host() + ": " + plain(found.observed()));
        }
      } else {
        // Without the time.
        lines.add(plain(one.toString().replaceFirst("^\\w+ \\w+ +\\d+ [0-9:.]+ \\d+: ", "")));
      }
    }
    return lines.isEmpty() ? "nothing" : String.join("<br>", lines);
  }

  private static String plain(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*");
  }
}
