// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import java.util.List;

/**
 * Neighbouring rules that become one step in the kernel. Layers are applied from the last rule to
 * the first, each overriding what the ones before it decided: so the first rule wins.
 */
sealed interface Layer {

  /** Index of the first rule. */
  int firstRule();

  /**
   * Rules about the client's network, resolved into one map from address to pool.
   *
   * @param firstRule index of the first rule
   * @param rules how many rules it is
   * @param pools number of the pool for each address
   */
  record Places(int firstRule, int rules, AddressMap pools) implements Layer {}

  /**
   * A list of networks: a map of its own, so that an edit replaces it alone.
   *
   * @param firstRule index of the rule
   * @param pools number of the pool for each address
   */
  record Listed(int firstRule, AddressMap pools) implements Layer {}

  /**
   * A rule about another field of the packet.
   *
   * @param firstRule index of the rule
   * @param match the field and its value
   * @param pool number of the pool
   */
  record Field(int firstRule, Match match, int pool) implements Layer {}

  /** The layers with maps. */
  static List<AddressMap> maps(List<Layer> layers) {
    return layers.stream()
        .flatMap(
            layer ->
                layer instanceof Places places
                    ? java.util.stream.Stream.of(places.pools())
                    : layer instanceof Listed listed
                        ? java.util.stream.Stream.of(listed.pools())
                        : java.util.stream.Stream.empty())
        .toList();
  }
}
