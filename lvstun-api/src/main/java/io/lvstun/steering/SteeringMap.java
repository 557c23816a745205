// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import io.lvstun.VirtualService;
import io.lvstun.network.MarkAllocator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A {@link Steering} resolved with databases: which packet gets which mark, and the virtual service
 * of each mark. Immutable.
 *
 * <p>Networks are merged by pool: two neighbours that go to the same pool are one range, whatever
 * countries they belong to. No set of ranges that do not overlap is smaller.
 *
 * @since 0.1.0
 */
public final class SteeringMap {

  /** How many ranges one map may have after merging: what a kernel loads in half a minute. */
  public static final int MAX_RANGES = 2_000_000;

  private final Steering steering;
  private final List<GeoDatabase> databases;
  private final List<String> poolNames; // by number
  private final long[] marks; // by number
  private final List<Layer> layers;

  private SteeringMap(
      Steering steering,
      List<GeoDatabase> databases,
      List<String> poolNames,
      long[] marks,
      List<Layer> layers) {
    this.steering = steering;
    this.databases = databases;
    this.poolNames = poolNames;
    this.marks = marks;
    this.layers = layers;
  }

  /**
   * Resolves a steering.
   *
   * @param steering what is wanted
   * @param databases what is known of networks; where two tell the same thing, the first counts
   * @param allocator gives each pool its mark, by an owner such as {@code
   *     steering/TCP/192.168.1.200:80/asia}
   * @return the map
   * @throws IllegalArgumentException if a rule asks for what no database has, a pool has neither
   *     servers nor a pool to fail over to, a failover names no pool, or a map is larger than
   *     {@link #MAX_RANGES}
   * @throws IllegalStateException if the allocator has too few marks
   */
  public static SteeringMap of(
      Steering steering, List<GeoDatabase> databases, MarkAllocator allocator) {
    check(steering);
    List<String> names = steering.pools().stream().map(Pool::name).toList();
    List<Layer> layers = new Resolver(steering, databases, names::indexOf).layers();
    for (AddressMap map : Layer.maps(layers)) {
      if (map.ranges() > MAX_RANGES) {
        throw new IllegalArgumentException(
            "a map has at most "
                + MAX_RANGES
                + " ranges, but this one needs "
                + map.ranges()
                + ": steer by larger networks");
      }
    }
    long[] marks =
        names.stream().mapToLong(name -> allocator.allocate(owner(steering, name))).toArray();
    return new SteeringMap(steering, List.copyOf(databases), names, marks, layers);
  }

  private static void check(Steering steering) {
    for (Pool pool : steering.pools()) {
      if (pool.empty() && pool.failover().isEmpty()) {
        throw new IllegalArgumentException(
            "pool "
                + pool.name()
                + " must have a real server, or a pool to fail over to: its clients would be"
                + " refused");
      }
      for (String other : pool.failover()) {
        if (steering.findPool(other).isEmpty()) {
          throw new IllegalArgumentException(
              "pool " + pool.name() + " cannot fail over to " + other + ": there is no such pool");
        }
      }
    }
  }

  /**
   * Returns under which name a pool's mark is allocated.
   *
   * @param steering the steering
   * @param pool name of one of its pools
   * @return for example {@code steering/TCP/192.168.1.200:80/asia}
   */
  public static String owner(Steering steering, String pool) {
    return "steering/"
        + steering.protocol()
        + '/'
        + IpAddress.format(steering.address(), steering.ports().get(0).first())
        + '/'
        + pool;
  }

  /**
   * Returns what was resolved.
   *
   * @return the steering
   */
  public Steering steering() {
    return steering;
  }

  /**
   * Returns the databases that were used.
   *
   * @return in the order in which they count
   */
  public List<GeoDatabase> databases() {
    return databases;
  }

  /**
   * Returns the mark of each pool.
   *
   * @return name to mark, the default pool first
   */
  public Map<String, Long> marks() {
    Map<String, Long> result = new LinkedHashMap<>();
    for (int i = 0; i < marks.length; i++) {
      result.put(poolNames.get(i), marks[i]);
    }
    return result;
  }

  /**
   * Returns the virtual services of the pools, for {@link io.lvstun.Director#apply}.
   *
   * @return one by firewall mark for each pool, the default pool's first
   */
  public List<VirtualService> services() {
    return IntStream.range(0, marks.length)
        .mapToObj(i -> steering.pools().get(i).service(steering.family(), marks[i]))
        .toList();
  }

  /**
   * Returns how many ranges of addresses the kernel gets, in all maps together.
   *
   * @return 0 if no rule looks at the client's network
   */
  public int ranges() {
    return Layer.maps(layers).stream().mapToInt(AddressMap::ranges).sum();
  }

  /**
   * Tells where a packet goes, and why. It looks nothing up in the kernel.
   *
   * @param packet what is known of it; it is taken to be one to the steered address
   * @return pool, mark, rule, and what the databases say
   * @throws IllegalArgumentException if the packet is of the other family
   */
  public Explanation explain(ClientPacket packet) {
    if (AddressFamily.of(packet.source()) != steering.family()) {
      throw new IllegalArgumentException(
          "source must be an "
              + steering.family()
              + " address, as "
              + IpAddress.format(steering.address())
              + " is, not "
              + IpAddress.format(packet.source()));
    }
    List<Explanation.DatabaseLine> lines = new ArrayList<>(databases.size());
    Place place = Place.UNKNOWN;
    for (GeoDatabase database : databases) {
      Optional<Explanation.DatabaseLine> line = database.find(packet.source());
      if (line.isPresent()) {
        lines.add(line.get());
        place = place.orElse(line.get().place());
      }
    }
    List<Integer> undecided = new ArrayList<>();
    for (int i = 0; i < steering.rules().size(); i++) {
      SteeringRule rule = steering.rules().get(i);
      PoolChoice decision = PoolChoice.of(rule, place, packet);
      if (decision.undecided()) {
        undecided.add(i);
      } else if (decision.pool().isPresent()) {
        return explanation(decision.pool().get(), OptionalInt.of(i), lines, undecided);
      }
    }
    return explanation(steering.defaultPool().name(), OptionalInt.empty(), lines, undecided);
  }

  private Explanation explanation(
      String pool,
      OptionalInt rule,
      List<Explanation.DatabaseLine> lines,
      List<Integer> undecided) {
    return new Explanation(
        pool,
        marks[poolNames.indexOf(pool)],
        rule,
        rule.isPresent()
            ? Optional.of(steering.rules().get(rule.getAsInt()).toString())
            : Optional.empty(),
        lines,
        undecided);
  }

  List<Layer> layers() {
    return layers;
  }

  long mark(int pool) {
    return marks[pool];
  }
}
