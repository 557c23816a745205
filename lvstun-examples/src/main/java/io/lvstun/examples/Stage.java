// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import io.lvstun.Director;
import io.lvstun.examples.lab.HttpAnswers;
import io.lvstun.examples.lab.Topology;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Where an example plays: a cluster, the driver that was asked for, and the place for its output.
 *
 * @param cluster the cluster, up
 * @param driver the driver by name; empty for the best that works
 * @param out where the example writes
 */
record Stage(Topology cluster, Optional<String> driver, PrintStream out) {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** Opens the director's IPVS, which is in a network namespace of its own. */
  Director openDirector() {
    Director.Builder builder = Director.builder().networkNamespace(cluster.director().name());
    driver.ifPresent(builder::driver);
    return builder.open();
  }

  /** Sends requests from the client to the VIP, and tells how many each real server answered. */
  SortedMap<String, Integer> ask(int requests) {
    HttpAnswers answers = cluster.client().get(cluster.vipUrl(), requests, PATIENCE);
    expect(answers.failures().isEmpty(), "requests without an answer: " + answers.failures());
    return answers.byServer();
  }

  /** Writes a line. */
  void say(Object line) {
    out.println(line);
  }

  /** Fails unless something is as it should be. */
  void expect(boolean fact, String otherwise) {
    if (!fact) {
      throw new UnexpectedOutcomeException(otherwise);
    }
  }
}
