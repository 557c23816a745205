// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.network.Route;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Requests that make something have the form of the answers about it: one can be read as such. */
class RouteCodecTest {

  private static final Map<Integer, String> LINKS = Map.of(1, "lo", 2, "eth0");

  private static MessageReader message(Consumer<MessageWriter> request) {
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    MessageWriter writer = new MessageWriter(buffer.array());
    request.accept(writer);
    MessageReader reader = new MessageReader();
    reader.reset(buffer, writer.length());
    assertThat(reader.next()).isTrue();
    return reader;
  }

  @Test
  void routesAreReadAsTheyAreWritten() {
    for (Route route :
        List.of(
            Route.local("0.0.0.0/0").table(100_000),
            Route.on("192.0.2.0/24", "eth0").source("192.0.2.1").metric(0xffff_ffffL),
            Route.via("2001:db8::/32", "2001:db8::1").link("eth0").table(7))) {
      MessageReader message =
          message(
              w ->
                  RouteCodec.change(
                      w, Rtnetlink.RTM_NEWROUTE, 0, 1, route, route.link().equals("lo") ? 1 : 2));
      assertThat(RouteCodec.read(message, route.table(), LINKS)).isEqualTo(route);
      assertThat(RouteCodec.read(message, 9, LINKS)).isNull();
    }
  }
}
