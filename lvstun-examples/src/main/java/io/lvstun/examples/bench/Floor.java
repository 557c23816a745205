// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A C program that takes its times itself: {@code floor}, or {@code single}. */
final class Floor implements Contender {

  private final String id;
  private final String program;
  private final Tools tools;

  private Floor(String id, String program, Tools tools) {
    this.id = id;
    this.program = program;
    this.tools = tools;
  }

  /** Many messages a send. */
  static Floor batched(Tools tools) {
    return new Floor(FLOOR, "floor", tools);
  }

  /** One message a send, and its answer awaited. */
  static Floor single(Tools tools) {
    return new Floor(SINGLE, "single", tools);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Map<Work, Long> turn(Turn turn) {
    Shape shape = turn.shape();
    String namespace = turn.namespace();
    if (turn.check()) {
      Tools.run(tools.floor(program, shape, namespace, "apply", "check"));
      turn.check(false, id());
      Tools.run(tools.floor(program, shape, namespace, "replace", "check"));
      turn.check(true, id());
      Tools.run(tools.floor(program, shape, namespace, "flush"));
      return Map.of();
    }
    List<String> works = new ArrayList<>(List.of("apply"));
    boolean reads = turn.has(Work.READ) || turn.has(Work.VERIFY);
    if (reads) {
      works.addAll(Collections.nCopies(Library.TIMED_READINGS, "read"));
    }
    boolean weighs = turn.has(Work.WEIGHT) || turn.has(Work.NAMED);
    if (weighs) {
      works.add("weight");
    }
    if (turn.has(Work.REPLACE) || turn.has(Work.CONVERGE)) {
      works.addAll(List.of("replace", "read", "replace"));
    }
    works.add("flush");
    List<Long> times =
        Tools.run(tools.floor(program, shape, namespace, works.toArray(String[]::new)))
            .lines()
            .map(line -> Long.valueOf(line.substring(line.indexOf(' ') + 1)))
            .toList();
    Map<Work, Long> result = new EnumMap<>(Work.class);
    result.put(Work.APPLY, times.get(0));
    if (reads) {
      // All services were written: to read them is to read everything.
      int first = works.indexOf("read");
      long[] readings = times.stream().mapToLong(Long::longValue).toArray();
      long reading =
          Samples.median(Arrays.copyOfRange(readings, first, first + Library.TIMED_READINGS));
      result.put(Work.READ, reading);
      result.put(Work.VERIFY, reading);
    }
    if (weighs) {
      result.put(Work.WEIGHT, times.get(works.indexOf("weight")));
      result.put(Work.NAMED, times.get(works.indexOf("weight")));
    }
    int replace = works.indexOf("replace");
    if (replace >= 0) {
      result.put(Work.REPLACE, times.get(replace));
      result.put(Work.CONVERGE, times.get(replace + 1) + times.get(replace + 2));
    }
    result.keySet().retainAll(turn.works());
    return result;
  }
}
