// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services whose layout is known are read as if their attributes were walked over. */
class ServiceRecordTest {

  private final Decoder decoder = new Decoder(new TunnelSupport("6.1"));

  private int services;

  private int unusualServices;

  @ParameterizedTest
  @ValueSource(strings = {"linux-6.1.txt", "linux-6.12.txt"})
  void everyServiceWithAnAddressAndWithoutEngineHasTheLayout(String file) throws IOException {
    RecordedAnswers.each(
        file,
        message -> {
          if (message.genericCommand() == Ipvs.IPVS_CMD_NEW_SERVICE) {
            Decoder.ServiceHead walked = decoder.unusualService(message);
            VirtualService service = walked.definition();
            boolean engine = service.persistence().flatMap(p -> p.engine()).isPresent();
            boolean address = service.key() instanceof ServiceKey.Endpoint;
            assertThat(ServiceRecord.isUsual(message)).isEqualTo(address && !engine);
            // The second time the scheduler is known.
            assertThat(decoder.service(message)).isEqualTo(walked);
            services += address && !engine ? 1 : 0;
            unusualServices += address && !engine ? 0 : 1;
          }
        });
    assertThat(services).isGreaterThanOrEqualTo(4);
    assertThat(unusualServices).isGreaterThanOrEqualTo(3);
  }
}
