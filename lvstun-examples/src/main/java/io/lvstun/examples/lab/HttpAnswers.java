// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a client got for a row of HTTP requests, each over a connection of its own.
 *
 * @param answers one for each request, in order
 * @since 0.1.0
 */
public record HttpAnswers(List<HttpAnswer> answers) {

  /** Copies the list. */
  public HttpAnswers {
    answers = List.copyOf(answers);
  }

  /**
   * How many requests each real server answered, by name. Requests without an answer are not in it.
   */
  public SortedMap<String, Integer> byServer() {
    SortedMap<String, Integer> counts = new TreeMap<>();
    for (HttpAnswer answer : answers) {
      if (answer.ok()) {
        counts.merge(answer.server(), 1, Integer::sum);
      }
    }
    return counts;
  }

  /** The requests that were not answered with status 200. */
  public List<HttpAnswer> failures() {
    return answers.stream().filter(answer -> !answer.ok()).toList();
  }
}
