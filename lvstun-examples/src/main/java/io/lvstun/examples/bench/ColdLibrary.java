// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The library in a new JVM for each piece of work; the JVM's start and end are in the time. */
final class ColdLibrary implements Contender {

  private final String id;
  private final Tools tools;
  private final List<String> java;

  /**
   * Makes a contender.
   *
   * @param id its name
   * @param tools the programs
   * @param options options of the JVM
   */
  ColdLibrary(String id, Tools tools, List<String> options) {
    this.id = id;
    this.tools = tools;
    java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(options);
    java.addAll(List.of("-cp", System.getProperty("java.class.path"), OneShot.class.getName()));
  }

  @Override
  public String id() {
    return id;
  }

  /** Runs once, so that the JVM does what its options say it does when it ends. */
  void run(Shape shape, String namespace) {
    time("apply", shape, namespace);
    Tools.run("ip", "netns", "exec", namespace, "ipvsadm", "-C");
  }

  @Override
  public Map<Work, Long> turn(Turn turn) {
    Shape shape = turn.shape();
    String namespace = turn.namespace();
    Map<Work, Long> result = new EnumMap<>(Work.class);
    result.put(Work.APPLY, time("apply", shape, namespace));
    turn.check(false, id);
    if (turn.has(Work.READ)) {
      result.put(Work.READ, time("read", shape, namespace));
    }
    if (turn.has(Work.UNCHANGED)) {
      result.put(Work.UNCHANGED, time("apply", shape, namespace));
    }
    if (turn.has(Work.WEIGHT)) {
      result.put(Work.WEIGHT, time("weight", shape, namespace));
    }
    if (turn.has(Work.CONVERGE)) {
      result.put(Work.CONVERGE, time("replaced", shape, namespace));
      turn.check(true, id);
    }
    Tools.run("ip", "netns", "exec", namespace, "ipvsadm", "-C");
    result.keySet().retainAll(turn.works());
    return result;
  }

  private long time(String work, Shape shape, String namespace) {
    List<String> command = new ArrayList<>(java);
    command.add(work);
    command.add(shape.toString());
    return tools.time(namespace, command);
  }
}
