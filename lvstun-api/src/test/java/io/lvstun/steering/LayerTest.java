// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerTest {

  @Test
  void mapsAreThoseOfAddressesInTheirOrder() {
    AddressMap first = AddressMap.of(AddressFamily.IPV4, List.of(Cidr.parse("10.0.0.0/8")), 1);
    AddressMap second = AddressMap.of(AddressFamily.IPV4, List.of(Cidr.parse("11.0.0.0/8")), 2);
    List<Layer> layers =
        List.of(
            new Layer.Listed(0, first),
            new Layer.Field(1, Match.dscp(46), 1),
            new Layer.Places(2, 3, second));
    assertThat(Layer.maps(layers)).containsExactly(first, second);
    assertThat(Layer.maps(layers.subList(1, 2))).isEmpty();
    assertThat(layers).extracting(Layer::firstRule).containsExactly(0, 1, 2);
  }
}
