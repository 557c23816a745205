// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import java.util.List;
import java.util.Objects;

/**
 * Weights by steps of load: the first step whose bound exceeds the load decides.
 *
 * @param steps bounds in ascending order, each with its weight
 * @param otherwise the weight at and above the last bound, 1 to 65535
 * @since 0.1.0
 */
public record LoadSteps(List<Step> steps, int otherwise) {

  /**
   * One step.
   *
   * @param below loads below this take the weight, above 0
   * @param weight 1 to 65535: 0 is for draining alone
   * @since 0.1.0
   */
  public record Step(double below, int weight) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public Step {
      WeightArgument.of("bound", below, Double.MIN_VALUE, LoadReport.HIGHEST);
      WeightArgument.of("weight", weight, 1, 65535);
    }
  }

  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException if bounds do not ascend, or the last weight is out of range
   */
  public LoadSteps {
    Objects.requireNonNull(steps, "steps");
    steps = List.copyOf(steps);
    WeightArgument.of("weight", otherwise, 1, 65535);
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i).below() <= steps.get(i - 1).below()) {
        throw new IllegalArgumentException(
            "bounds must ascend: " + steps.get(i).below() + " follows " + steps.get(i - 1).below());
      }
    }
  }

  /**
   * Returns the usual example: load below 1 gives 10, below 2 gives 5, otherwise 1.
   *
   * @return the steps
   */
  public static LoadSteps tenFiveOne() {
    return new LoadSteps(List.of(new Step(1, 10), new Step(2, 5)), 1);
  }

  /**
   * Returns the weight for a load.
   *
   * @param load a load that {@link LoadReport} accepts
   * @return 1 to 65535
   * @throws IllegalArgumentException if the load is not accepted
   */
  public int weight(double load) {
    LoadReport.requireValid(load);
    for (Step step : steps) {
      if (load < step.below()) {
        return step.weight();
      }
    }
    return otherwise;
  }
}
