// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.network.GuePort;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Ports as the module fou reports them. */
class GueCodecTest {

  private static MessageReader reported(int command, Consumer<MessageWriter> attributes) {
    byte[] bytes = new byte[256];
    MessageWriter writer = new MessageWriter(bytes);
    writer.begin(30, 0, 1);
    writer.genericHeader(command, Rtnetlink.FOU_GENL_VERSION);
    attributes.accept(writer);
    writer.end();
    MessageReader reader = new MessageReader();
    reader.reset(ByteBuffer.wrap(bytes), writer.length());
    assertThat(reader.next()).isTrue();
    return reader;
  }

  private static void port(MessageWriter writer, int port, AddressFamily family, int type) {
    writer.putBe16(Rtnetlink.FOU_ATTR_PORT, port);
    writer.putU8(Rtnetlink.FOU_ATTR_AF, family.number());
    writer.putU8(Rtnetlink.FOU_ATTR_TYPE, type);
  }

  @Test
  void portOfGueIsReadWithItsFamily() {
    for (AddressFamily family : AddressFamily.values()) {
      assertThat(
              GueCodec.read(
                  reported(
                      Rtnetlink.FOU_CMD_GET, w -> port(w, 6080, family, Rtnetlink.FOU_ENCAP_GUE))))
          .isEqualTo(new GuePort(6080, family));
    }
  }

  @Test
  void portWithoutAFamilyIsOneOfIpv4() {
    assertThat(
            GueCodec.read(
                reported(
                    Rtnetlink.FOU_CMD_GET,
                    w -> {
                      w.putBe16(Rtnetlink.FOU_ATTR_PORT, 65535);
                      w.putU8(Rtnetlink.FOU_ATTR_TYPE, Rtnetlink.FOU_ENCAP_GUE);
                    })))
        .isEqualTo(new GuePort(65535, AddressFamily.IPV4));
  }

  @Test
  void portsOfOtherEncapsulationsAndOtherMessagesAreNone() {
    int direct = Rtnetlink.FOU_ENCAP_GUE - 1;
    assertThat(
            GueCodec.read(
                reported(Rtnetlink.FOU_CMD_GET, w -> port(w, 5555, AddressFamily.IPV4, direct))))
        .isNull();
    assertThat(
            GueCodec.read(
                reported(
                    Rtnetlink.FOU_CMD_ADD,
                    w -> port(w, 6080, AddressFamily.IPV4, Rtnetlink.FOU_ENCAP_GUE))))
        .isNull();
    assertThat(GueCodec.read(reported(Rtnetlink.FOU_CMD_GET, w -> {}))).isNull();
  }
}
