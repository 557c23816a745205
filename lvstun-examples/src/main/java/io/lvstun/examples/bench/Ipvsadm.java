// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import io.lvstun.IpAddress;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The binary {@code ipvsadm}: for much work {@code -R} and {@code -S}, for little {@code -e}. */
final class Ipvsadm implements Contender {

  private static final List<String> RESTORE = List.of("ipvsadm", "-R");
  private static final List<String> SAVE = List.of("ipvsadm", "-S", "-n");

  private final Tools tools;

  Ipvsadm(Tools tools) {
    this.tools = tools;
  }

  @Override
  public String id() {
    return IPVSADM;
  }

  @Override
  public Map<Work, Long> turn(Turn turn) {
    Shape shape = turn.shape();
    String namespace = turn.namespace();
    Path rules = tools.write("rules-" + shape, shape.rules(false));
    Map<Work, Long> result = new EnumMap<>(Work.class);

    result.put(Work.APPLY, tools.time(namespace, rules, RESTORE));
    turn.check(false, id());
    if (turn.has(Work.READ)) {
      result.put(Work.READ, tools.time(namespace, SAVE));
    }
    if (turn.has(Work.WEIGHT)) {
      result.put(
          Work.WEIGHT,
          Samples.median(
              reweigh(shape, namespace, 3),
              reweigh(shape, namespace, 2),
              reweigh(shape, namespace, 1)));
    }
    if (turn.has(Work.REPLACE) || turn.has(Work.CONVERGE)) {
      Path there = tools.write("replace-" + shape, shape.replacement(true));
      Path back = tools.write("put-back-" + shape, shape.replacement(false));
      result.put(Work.REPLACE, tools.time(namespace, there, RESTORE));
      turn.check(true, id());
      result.put(Work.CONVERGE, tools.time(namespace, SAVE) + tools.time(namespace, back, RESTORE));
      turn.check(false, id());
    }
    Tools.run("ip", "netns", "exec", namespace, "ipvsadm", "-C");
    result.keySet().retainAll(turn.works());
    return result;
  }

  private long reweigh(Shape shape, String namespace, int weight) {
    String server = IpAddress.format(shape.weighedServer().address(), Shape.PORT);
    String service = shape.weighedService().toString().substring("TCP ".length());
    return tools.time(
        namespace,
        List.of(
            "ipvsadm", "-e", "-t", service, "-r", server, "-i", "-w", Integer.toString(weight)));
  }
}
