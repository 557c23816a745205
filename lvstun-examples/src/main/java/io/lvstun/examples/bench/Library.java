// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.Director;
import io.lvstun.DriverOptions;
import io.lvstun.NetworkNamespace;
import io.lvstun.Plan;
import io.lvstun.RealServer;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.netlink.NetlinkDriverProvider;
import io.lvstun.spi.IpvsDriver;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** The library with its netlink driver, in this JVM. */
final class Library implements Contender {

  /** Of so many readings in a turn the median counts: the collector comes in some of them. */
  static final int TIMED_READINGS = 5;

  /** As many weights are changed in a row as are timed together. */
  private static final int BLOCK = 20;

  private static final int BLOCKS = 11;

  // Each piece of work so often in a turn that warms up: the JVM compiles what is done thousands of
  // times.
  private static final int READINGS = 5;
  private static final int WEIGHT_BLOCKS = 250;

  @Override
  public String id() {
    return WARM;
  }

  @Override
  public Map<Work, Long> turn(Turn turn) {
    Shape shape = turn.shape();
    // Values are made outside the time, as the messages' content is in the floor.
    List<VirtualService> table = shape.wanted(false);
    Map<Work, Long> result = new EnumMap<>(Work.class);
    apply(turn, table, result);
    try (Director director = director(turn)) {
      turn.check(false, id());
      if (turn.has(Work.READ)) {
        result.put(Work.READ, medianReading(() -> requireAll(director, shape)));
      }
      if (turn.has(Work.UNCHANGED)) {
        result.put(Work.UNCHANGED, medianReading(() -> requireNothing(director, table)));
      }
      if (turn.has(Work.NAMED)) {
        result.put(Work.NAMED, reweigh(director, shape, BLOCKS));
      }
      if (turn.has(Work.REPLACE) || turn.has(Work.CONVERGE)) {
        Plan plan = director.plan(shape.wanted(true));
        if (plan.changes().size() != 2 * shape.replacedServers()) {
          throw new IllegalStateException(plan.changes().size() + " changes planned for " + shape);
        }
        result.put(Work.REPLACE, time(() -> director.apply(plan)));
        turn.check(true, id());
        result.put(Work.CONVERGE, time(() -> director.apply(table)));
        turn.check(false, id());
      }
      director.flush();
    }
    if (turn.has(Work.WEIGHT)) {
      result.put(Work.WEIGHT, reweighHere(shape, BLOCKS));
    }
    result.keySet().retainAll(turn.works());
    return result;
  }

  /** Does what is timed later, each piece of work several times. */
  void warmUp(Turn turn) {
    Shape shape = turn.shape();
    List<VirtualService> table = shape.wanted(false);
    apply(turn, table, new EnumMap<>(Work.class));
    try (Director director = director(turn)) {
      for (int i = 0; i < READINGS; i++) {
        if (turn.has(Work.READ)) {
          requireAll(director, shape);
        }
        if (turn.has(Work.UNCHANGED)) {
          requireNothing(director, table);
        }
      }
      if (turn.has(Work.NAMED)) {
        reweigh(director, shape, WEIGHT_BLOCKS);
      }
      if (turn.has(Work.REPLACE) || turn.has(Work.CONVERGE)) {
        director.apply(shape.wanted(true));
        director.apply(table);
      }
      director.flush();
    }
    if (turn.has(Work.WEIGHT)) {
      reweighHere(shape, WEIGHT_BLOCKS);
    }
  }

  private static Director director(Turn turn) {
    return Director.builder().driver("netlink").networkNamespace(turn.namespace()).open();
  }

  /** Writes the table, and tells writing from reading back: what follows the last command. */
  private static void apply(Turn turn, List<VirtualService> table, Map<Work, Long> result) {
    DriverOptions options =
        new DriverOptions(
            Optional.of(NetworkNamespace.named(turn.namespace())), DriverOptions.DEFAULT_DEADLINE);
    long[] written = {0};
    IpvsDriver driver = new NetlinkDriverProvider().open(options);
    InvocationHandler stamp =
        (proxy, method, arguments) -> {
          Object answer = method.invoke(driver, arguments);
          if (method.getName().equals("execute")) {
            written[0] = System.nanoTime();
          }
          return answer;
        };
    IpvsDriver stamped =
        (IpvsDriver)
            Proxy.newProxyInstance(
                IpvsDriver.class.getClassLoader(), new Class<?>[] {IpvsDriver.class}, stamp);
    try (Director director = Director.on(stamped)) {
      long from = System.nanoTime();
      director.apply(table);
      long to = System.nanoTime();
      result.put(Work.APPLY, written[0] - from);
      result.put(Work.VERIFY, to - written[0]);
    }
  }

  private static void requireAll(Director director, Shape shape) {
    if (director.services().size() != shape.services()) {
      throw new IllegalStateException("not all services of " + shape + " were read");
    }
  }

  private static void requireNothing(Director director, List<VirtualService> table) {
    if (!director.apply(table).done().isEmpty()) {
      throw new IllegalStateException("there was something to change");
    }
  }

  /** Changes weights in the network namespace of this process, as the floor does in its own. */
  @CanIgnoreReturnValue
  private static long reweighHere(Shape shape, int blocks) {
    VirtualService service = new Shape(1, shape.servers()).wanted(false).get(0);
    try (Director director = Director.builder().driver("netlink").open()) {
      director.apply(service);
      try {
        return reweigh(director, shape, blocks);
      } finally {
        director.remove(service.key());
      }
    }
  }

  @CanIgnoreReturnValue
  private static long reweigh(Director director, Shape shape, int blocks) {
    ServiceKey service = shape.weighedService();
    RealServer server = shape.weighedServer();
    RealServer[] values = new RealServer[BLOCK];
    for (int j = 0; j < BLOCK; j++) {
      values[j] = server.weight(2 + j);
    }
    long[] times = new long[blocks];
    for (int i = 0; i < blocks; i++) {
      long from = System.nanoTime();
      for (RealServer value : values) {
        director.editRealServer(service, value);
      }
      times[i] = (System.nanoTime() - from) / BLOCK;
    }
    director.editRealServer(service, server);
    return Samples.median(times);
  }

  private static long medianReading(Runnable reading) {
    return Samples.median(LongStream.generate(() -> time(reading)).limit(TIMED_READINGS).toArray());
  }

  private static long time(Runnable work) {
    long from = System.nanoTime();
    work.run();
    return System.nanoTime() - from;
  }
}
