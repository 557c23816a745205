// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

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
  public Map<Work, Long> turn(Shape shape, String namespace, boolean check) {
    if (check) {
      Tools.run(tools.floor(shape, namespace, "apply", "check"));
      Tools.check(shape, namespace, false, id());
      Tools.run(tools.floor(shape, namespace, "replace", "check"));
      Tools.check(shape, namespace, true, id());
      Tools.run(tools.floor(shape, namespace, "flush"));
      return Map.of();
    }
    List<Long> times =
        Tools.run(
                tools.floor(
                    shape, namespace, "apply", "read", "weight", "replace", "read", "replace",
                    "flush"))
            .lines()
            .map(line -> Long.valueOf(line.substring(line.indexOf(' ') + 1)))
            .toList();
    Map<Work, Long> result = new EnumMap<>(Work.class);
    result.put(Work.APPLY, times.get(0));
    result.put(Work.READ, times.get(1));
    result.put(Work.WEIGHT, times.get(2));
    result.put(Work.REPLACE, times.get(3));
    result.put(Work.CONVERGE, times.get(4) + times.get(5));
    return result;
  }
}
