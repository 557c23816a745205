// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.network.Link;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Links as the kernel reports them, and requests about them. */
class LinkCodecTest {

  private static MessageReader message(Consumer<MessageWriter> content) {
    byte[] bytes = new byte[1024];
    MessageWriter writer = new MessageWriter(bytes);
    content.accept(writer);
    MessageReader reader = new MessageReader();
    reader.reset(ByteBuffer.wrap(bytes), writer.length());
    assertThat(reader.next()).isTrue();
    return reader;
  }

  private static void reported(MessageWriter writer, int type, String kind) {
    writer.begin(type, 0, 1);
    writer.putRaw(0);
    writer.putRaw(7);
    writer.putRaw(0x1043);
    writer.putRaw(0);
    writer.putString(Rtnetlink.IFLA_IFNAME, "eth0");
    writer.putU32(Rtnetlink.IFLA_MTU, 1500);
    if (!kind.isEmpty()) {
      int info = writer.beginNest(Rtnetlink.IFLA_LINKINFO);
      writer.putString(Rtnetlink.IFLA_INFO_KIND, kind);
      writer.endNest(info);
    }
    writer.end();
  }

  @Test
  void linkHasWhatTheKernelReports() {
    assertThat(LinkCodec.read(message(w -> reported(w, Rtnetlink.RTM_NEWLINK, ""))))
        .isEqualTo(new Link(7, "eth0", 1500, 0x1043, "", Optional.empty()));
    assertThat(LinkCodec.read(message(w -> reported(w, Rtnetlink.RTM_NEWLINK, "veth"))))
        .isEqualTo(new Link(7, "eth0", 1500, 0x1043, "veth", Optional.empty()));
  }

  @Test
  void otherMessagesAreNoLinks() {
    assertThat(LinkCodec.read(message(w -> reported(w, Rtnetlink.RTM_NEWADDR, "")))).isNull();
  }

  @Test
  void settingUpAndDownChangesThatFlagAlone() {
    MessageReader up = message(w -> LinkCodec.up(w, 0, 1, "eth0", true));
    assertThat(up.type()).isEqualTo(Rtnetlink.RTM_SETLINK);
    assertThat(List.of(up.headerInt(8), up.headerInt(12))).containsExactly(1, 1);
    MessageReader down = message(w -> LinkCodec.up(w, 0, 1, "eth0", false));
    assertThat(List.of(down.headerInt(8), down.headerInt(12))).containsExactly(0, 1);
  }

  @Test
  void mtuIsSetWithoutTouchingFlags() {
    MessageReader message = message(w -> LinkCodec.mtu(w, 0, 1, "eth0", 1480));
    assertThat(List.of(message.headerInt(8), message.headerInt(12))).containsExactly(0, 0);
    AttributeReader attributes = new AttributeReader();
    message.attributes(16, attributes);
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.string()).isEqualTo("eth0");
    assertThat(attributes.next()).isTrue();
    assertThat(attributes.u32()).isEqualTo(1480);
  }

  @Test
  void allLinksAreAskedForWithoutAName() {
    List<Integer> types = new ArrayList<>();
    AttributeReader attributes = new AttributeReader();
    message(w -> LinkCodec.name(w, Rtnetlink.RTM_GETLINK, 0, 1, "")).attributes(16, attributes);
    while (attributes.next()) {
      types.add(attributes.type());
    }
    assertThat(types).containsExactly(Rtnetlink.IFLA_EXT_MASK);
  }
}
