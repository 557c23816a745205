// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.steering;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.weight.WeightReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * LOAD: weights that follow the real servers' load.
 *
 * @since 0.1.0
 */
public final class LoadChecks {

  /** Fewer changes of direction are what load does by itself. */
  private static final int MIN_TURNS = 4;

  /** The least weight that feedback gives a server that is up. */
  private static final int FLOOR = 1;

  private LoadChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of("LOAD-001", "load-reports-fresh")
            .title("Weights follow fresh reports")
            .severity(Severity.WARN)
            .on(Role.CLUSTER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("A server keeps a weight that fits its load of long ago")
            .why("A report that is older than its expiry tells nothing of the load of today.")
            .remedy("Hold the weight for a while, then return to the base weight.")
            .source("Envoy, weight_expiration_period")
            .examine(subject -> withReports(subject, loads -> fresh(subject, loads))),
        Check.of("LOAD-002", "weights-settle")
            .title("Weights do not swing")
            .severity(Severity.WARN)
            .on(Role.CLUSTER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Weights and load go up and down in turns")
            .why(
                "Feedback that reacts too strongly, or to reports that are older than its own last"
                    + " change, makes the load swing.")
            .remedy("Damp: average over time, ignore small changes, limit steps.")
            .source("GLB Director, HealthResultDampener")
            .examine(subject -> withReports(subject, loads -> settled(subject, loads))),
        Check.of("LOAD-003", "weights-not-all-at-floor")
            .title("Load feedback covers most servers")
            .on(Role.CLUSTER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Most servers have the least weight, or none")
            .why(
                "If more than half of the servers are at the floor, either all are overloaded, and"
                    + " weights cannot help, or the signal is broken.")
            .remedy("Give all servers their base weights, and look at the signal.")
            .examine(subject -> withReports(subject, loads -> floor(subject, loads))));
  }

  private static Finding withReports(Subject subject, Function<WeightReport, Finding> examination) {
    return subject
        .cluster()
        .statement()
        .get()
        .weights()
        .filter(loads -> !loads.servers().isEmpty())
        .map(examination)
        .orElseGet(() -> subject.skip("no reports of load are stated"));
  }

  private static Finding fresh(Subject subject, WeightReport loads) {
    List<String> stale = new ArrayList<>();
    for (WeightReport.Server server : loads.servers()) {
      Duration age = Duration.between(server.reported(), loads.at());
      if (age.compareTo(loads.staleAfter()) > 0 && server.weight() != server.base()) {
        stale.add(
            server.name()
                + " has the weight "
                + server.weight()
                + " by a report of "
                + age.toSeconds()
                + " s ago");
      }
    }
    if (stale.isEmpty()) {
      return subject.pass("the reports are fresh, or the weights the base weights").finding();
    }
    return subject
        .warn(String.join("; ", stale))
        .expected(
            "reports younger than " + loads.staleAfter().toSeconds() + " s, or the base weight")
        .remedy(
            Remedy.manual(
                "See why these servers do not report; until they do, give them their base"
                    + " weights."))
        .finding();
  }

  private static Finding settled(Subject subject, WeightReport loads) {
    List<String> swinging = new ArrayList<>();
    for (WeightReport.Server server : loads.servers()) {
      List<Integer> weights = server.weights();
      int turns = turns(weights);
      if (turns >= MIN_TURNS && turns * 2 >= weights.size() - 2) {
        swinging.add(server.name() + " " + weights);
      }
    }
    if (swinging.isEmpty()) {
      return subject.pass("the weights settle").finding();
    }
    return subject
        .warn(swinging.size() + " of " + loads.servers().size() + " weights swing")
        .expected("weights that move in one direction for several intervals")
        .evidence("weights, oldest first", String.join("\n", swinging))
        .remedy(
            Remedy.manual(
                "Average the load over a longer time, ignore changes below 10 %, move down at most"
                    + " by half and up by a sixth at a time."))
        .finding();
  }

  /** How often the weights turn from rising to falling, or back. */
  private static int turns(List<Integer> weights) {
    int turns = 0;
    int direction = 0;
    for (int i = 1; i < weights.size(); i++) {
      int next = Integer.compare(weights.get(i), weights.get(i - 1));
      if (next != 0) {
        turns += direction != 0 && next != direction ? 1 : 0;
        direction = next;
      }
    }
    return turns;
  }

  private static Finding floor(Subject subject, WeightReport loads) {
    List<String> low =
        loads.servers().stream()
            .filter(server -> server.weight() <= FLOOR && server.base() > FLOOR)
            .map(server -> server.name() + " " + server.weight())
            .toList();
    String said = low.size() + " of " + loads.servers().size() + " servers are at the floor";
    if (low.size() * 2 <= loads.servers().size()) {
      return subject.pass(said).finding();
    }
    return subject
        .fail(said)
        .expected("at most half of them")
        .evidence("weights", String.join("\n", low))
        .remedy(
            Remedy.manual("Give all servers their base weights, and see what the signal measures."))
        .finding();
  }
}
