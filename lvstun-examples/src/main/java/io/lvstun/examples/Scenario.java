// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

/** What an example does, once its cluster is up. */
@FunctionalInterface
interface Scenario {

  /**
   * Plays the scenario.
   *
   * @param stage where it plays
   * @return what has been shown, in a sentence
   * @throws UnexpectedOutcomeException if something did not come out as it should
   * @throws InterruptedException if the thread is interrupted
   */
  String play(Stage stage) throws InterruptedException;
}
