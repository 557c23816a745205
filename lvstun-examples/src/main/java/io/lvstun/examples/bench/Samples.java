// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The times taken for one shape. Not thread-safe. */
final class Samples {

  private final Map<Work, Map<String, List<Long>>> nanos = new EnumMap<>(Work.class);

  void add(String contender, Map<Work, Long> times) {
    times.forEach(
        (work, time) ->
            nanos
                .computeIfAbsent(work, key -> new LinkedHashMap<>())
                .computeIfAbsent(contender, key -> new ArrayList<>())
                .add(time));
  }

  /** The times of one kind of work, in the order they were taken; empty if there are none. */
  List<Long> of(Work work, String contender) {
    return nanos.getOrDefault(work, Map.of()).getOrDefault(contender, List.of());
  }

  /** The median of {@link #of}. */
  OptionalLong median(Work work, String contender) {
    List<Long> times = of(work, contender);
    return times.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(median(times.stream().mapToLong(Long::longValue).toArray()));
  }

  /**
   * How many times as long one took as another, round by round: what both took in the same round is
   * set against each other, since a machine is not as fast in one round as in the next.
   *
   * @return one ratio for each round that has both; empty if there is none
   */
  List<Double> ratios(Work work, String contender, Work other, String reference) {
    List<Long> own = of(work, contender);
    List<Long> others = of(other, reference);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(own.size(), others.size()); i++) {
      ratios.add((double) own.get(i) / others.get(i));
    }
    return ratios;
  }

  /** The middle one; of an even number, the mean of the two in the middle. */
  static double median(List<Double> ratios) {
    double[] sorted = ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The middle one; of an even number, the mean of the two in the middle. */
  static long median(long... times) {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
