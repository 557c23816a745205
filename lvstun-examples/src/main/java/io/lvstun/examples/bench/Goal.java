// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a measurement is held against: how many times as long one thing may take as another.
 *
 * @param title what is measured, and against what
 * @param limit the most that {@code value} may be
 * @param value what was measured: of several rounds, the median of the rounds' ratios
 * @param least the least of the rounds
 * @param most the most of the rounds
 * @param unit what all are: {@code x} for a ratio
 */
record Goal(String title, double limit, double value, double least, double most, String unit) {

  private static final Shape MANY_SERVICES = new Shape(1000, 10);
  private static final Shape MANY_SERVERS = new Shape(1, 10_000);

  boolean met() {
    return value <= limit;
  }

  /** Returns the goals whose measurements are there. */
  static List<Goal> of(Map<Shape, Samples> samples) {
    List<Goal> goals = new ArrayList<>();
    Samples services = samples.getOrDefault(MANY_SERVICES, new Samples());
    Samples servers = samples.getOrDefault(MANY_SERVERS, new Samples());

    ratio(goals, services, MANY_SERVICES, Work.APPLY, Contender.WARM, Contender.FLOOR, 1.15);
    ratio(goals, services, MANY_SERVICES, Work.APPLY, Contender.WARM, Contender.IPVSADM, 1 / 5.0);
    ratio(goals, services, MANY_SERVICES, Work.APPLY, Contender.COLD, Contender.IPVSADM, 1);
    ratio(goals, services, MANY_SERVICES, Work.READ, Contender.WARM, Contender.FLOOR, 1.3);
    ratio(goals, services, MANY_SERVICES, Work.READ, Contender.WARM, Contender.IPVSADM, 1 / 4.0);
    ratio(goals, servers, MANY_SERVERS, Work.APPLY, Contender.WARM, Contender.FLOOR, 1.15);
    ratio(goals, servers, MANY_SERVERS, Work.APPLY, Contender.COLD, Contender.IPVSADM, 1);
    quotient(
        goals,
        MANY_SERVICES + ": " + Work.UNCHANGED.title() + ", warm, against reading everything, warm",
        services.ratios(Work.UNCHANGED, Contender.WARM, Work.READ, Contender.WARM),
        1.3);
    ratio(goals, services, MANY_SERVICES, Work.VERIFY, Contender.WARM, Contender.FLOOR, 1.3);
    ratio(goals, services, MANY_SERVICES, Work.WEIGHT, Contender.WARM, Contender.FLOOR, 1.5);
    return goals;
  }

  /** Returns the goal for memory: live bytes for each server. */
  static Goal memory(double bytes) {
    return new Goal(
        "live heap to hold and plan 100,000 servers, wanted and observed, of each",
        400,
        bytes,
        bytes,
        bytes,
        " bytes");
  }

  private static void ratio(
      List<Goal> goals,
      Samples samples,
      Shape shape,
      Work work,
      String contender,
      String reference,
      double limit) {
    quotient(
        goals,
        shape + ": " + work.title() + ", " + contender + " against " + reference,
        samples.ratios(work, contender, work, reference),
        limit);
  }

  private static void quotient(List<Goal> goals, String title, List<Double> ratios, double limit) {
    if (!ratios.isEmpty()) {
      goals.add(
          new Goal(
              title,
              limit,
              Samples.median(ratios),
              Collections.min(ratios),
              Collections.max(ratios),
              " x"));
    }
  }

  /** Returns a line that says what was measured, what was wanted, and whether it was reached. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-7s %s: %s%s, at most %s",
        met() ? "reached" : "MISSED",
        title,
        amount(value),
        least == most ? "" : " (" + amount(least) + " to " + amount(most) + ")",
        amount(limit));
  }

  private String amount(double number) {
    return number >= 100
        ? String.format(Locale.ROOT, "%.0f%s", number, unit)
        : String.format(Locale.ROOT, "%.2f%s", number, unit);
  }
}
