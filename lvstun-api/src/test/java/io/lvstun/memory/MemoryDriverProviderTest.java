// SPDX-License-Identifier: Apache-2.0
package io.lvstun.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.Command;
import io.lvstun.Director;
import io.lvstun.DriverOptions;
import io.lvstun.NetworkNamespace;
import io.lvstun.UnsupportedException;
import io.lvstun.VirtualService;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.state.ServiceState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryDriverProviderTest {

  private static final VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);

  @Test
  void nameOpensItThroughTheDirector() {
    try (Director director = Director.builder().driver("memory").open()) {
      director.create(WEB);
      assertThat(director.driver()).isEqualTo("memory");
      assertThat(director.services()).extracting(ServiceState::definition).containsExactly(WEB);
    }
  }

  @Test
  void providerIsNeverChosenUnasked() {
    assertThat(new MemoryDriverProvider().priority()).isNegative();
  }

  @Test
  void namespaceIsRefusedSinceItHasNone() {
    DriverOptions options =
        new DriverOptions(
            Optional.of(NetworkNamespace.named("blue")), DriverOptions.DEFAULT_DEADLINE);
    assertThatExceptionOfType(UnsupportedException.class)
        .isThrownBy(() -> new MemoryDriverProvider().open(options))
        .withMessageContaining("no network namespaces")
        .withMessageContaining("blue");
  }

  @Test
  void eachOpeningHasATableOfItsOwn() {
    MemoryDriverProvider provider = new MemoryDriverProvider();
    try (IpvsDriver one = provider.open(DriverOptions.defaults());
        IpvsDriver other = provider.open(DriverOptions.defaults())) {
      var unused = one.execute(List.of(new Command.AddService(WEB)));
      assertThat(one.service(WEB.key())).isPresent();
      assertThat(other.service(WEB.key())).isEmpty();
    }
  }
}
