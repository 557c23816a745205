// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.IpAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarkedSocketProviderTest {

  private static MarkedSocketProvider.Request request(int port, String device, long mark) {
    return new MarkedSocketProvider.Request(
        new InetSocketAddress(IpAddress.parse("192.0.2.1"), 80),
        Optional.empty(),
        port,
        device,
        mark);
  }

  @ParameterizedTest
  @CsvSource({
    "-1, eth0, 1, 'source port must be 0 to 65535, not -1'",
    "65536, eth0, 1, 'source port must be 0 to 65535, not 65536'",
    "0, 0123456789abcdef, 1, 'device must have at most 15 characters, not \"0123456789abcdef\"'",
    "0, eth0, -1, 'mark must be 0 to 4294967295, not -1'",
    "0, eth0, 4294967296, 'mark must be 0 to 4294967295, not 4294967296'"
  })
  void whatTheKernelCannotSetIsRefusedBeforeItIsAsked(
      int port, String device, long mark, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request(port, device, mark))
        .withMessage(message);
  }

  @Test
  void boundsAreTaken() {
    assertThat(request(65535, "0123456789abcde", 4_294_967_295L).mark()).isEqualTo(4_294_967_295L);
    assertThat(request(0, "", 0)).isEqualTo(request(0, "", 0)).isNotEqualTo(request(0, "", 1));
  }
}
