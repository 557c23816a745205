// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@link SteeringTable#apply(SteeringPlan)} would change. Immutable.
 *
 * @since 0.1.0
 */
public final class SteeringPlan {

  private final SteeringState before;
  private final NftScript script;
  private final List<SteeringMap> steerings;
  private final long generation;

  SteeringPlan(
      SteeringState before, NftScript script, List<SteeringMap> steerings, long generation) {
    this.before = before;
    this.script = script;
    this.steerings = List.copyOf(steerings);
    this.generation = generation;
  }

  /**
   * Returns the state that the plan starts from.
   *
   * @return as read when the plan was made
   */
  public SteeringState before() {
    return before;
  }

  /**
   * Returns the generation that the table has afterwards.
   *
   * @return one more than before
   */
  public long generation() {
    return generation;
  }

  /**
   * Returns how many ranges of addresses are sent to the kernel.
   *
   * @return 0 if no map changes
   */
  public int rangesToSend() {
    return script.rangesToSend(before.maps());
  }

  /**
   * Returns the maps that are loaded.
   *
   * @return their names
   */
  public Set<String> mapsToLoad() {
    return script.mapNames().stream()
        .filter(map -> !before.maps().contains(map))
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Returns the maps that are deleted.
   *
   * @return their names
   */
  public Set<String> mapsToDelete() {
    return before.maps().stream()
        .filter(map -> !script.mapNames().contains(map))
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Returns what {@code nft -f} would read.
   *
   * @return one transaction; long if maps change
   */
  public String script() {
    return script.text(before.maps(), before.chains());
  }

  List<SteeringMap> steerings() {
    return steerings;
  }

  /** Returns the steerings, what is loaded and what is deleted. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (SteeringMap map : steerings) {
      text.append(map.steering()).append('\n');
      map.marks()
          .forEach(
              (pool, mark) ->
                  text.append("  mark 0x")
                      .append(Long.toHexString(mark))
                      .append(' ')
                      .append(pool)
                      .append('\n'));
    }
    return text.append("generation ")
        .append(generation)
        .append(": load ")
        .append(mapsToLoad().size())
        .append(" maps with ")
        .append(rangesToSend())
        .append(" ranges, delete ")
        .append(mapsToDelete().size())
        .append(" maps\n")
        .toString();
  }
}
