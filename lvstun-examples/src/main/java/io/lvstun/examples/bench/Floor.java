// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The C program {@code floor}, which takes its times itself. */
final class Floor implements Contender {

  private final Tools tools;

  Floor(Tools tools) {
    this.tools = tools;
  }

  @Override
  public String id() {
    return FLOOR;
  }

  @Override
  public Map<Work, Long> turn(Turn turn) {
    Shape shape = turn.shape();
    String namespace = turn.namespace();
    if (turn.check()) {
      Tools.run(tools.floor(shape, namespace, "apply", "check"));
      turn.check(false, id());
      Tools.run(tools.floor(shape, namespace, "replace", "check"));
      turn.check(true, id());
      Tools.run(tools.floor(shape, namespace, "flush"));
      return Map.of();
    }
    List<String> works = new ArrayList<>(List.of("apply"));
    if (turn.has(Work.READ)) {
      works.add("read");
    }
    if (turn.has(Work.WEIGHT)) {
      works.add("weight");
    }
    if (turn.has(Work.REPLACE) || turn.has(Work.CONVERGE)) {
      works.addAll(List.of("replace", "read", "replace"));
    }
    works.add("flush");
    List<Long> times =
        Tools.run(tools.floor(shape, namespace, works.toArray(String[]::new)))
            .lines()
            .map(line -> Long.valueOf(line.substring(line.indexOf(' ') + 1)))
            .toList();
    Map<Work, Long> result = new EnumMap<>(Work.class);
    result.put(Work.APPLY, times.get(0));
    if (turn.has(Work.READ)) {
      result.put(Work.READ, times.get(works.indexOf("read")));
    }
    if (turn.has(Work.WEIGHT)) {
      result.put(Work.WEIGHT, times.get(works.indexOf("weight")));
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
