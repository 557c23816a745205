// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.network.AddressState;
import io.lvstun.network.LinkAddress;
import io.lvstun.network.MarkRule;
import io.lvstun.network.Route;
import io.lvstun.network.Tunnel;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Requests that make something have the form of the answers about it: one can be read as such. */
class RouteCodecsTest {

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
  void tunnelsAreReadAsTheyAreWritten() {
    for (Tunnel.Kind kind : Tunnel.Kind.values()) {
      boolean v4 = kind.outer() == AddressFamily.IPV4;
      Tunnel plain = Tunnel.of("tun1", kind);
      for (Tunnel tunnel :
          List.of(
              plain,
              plain.ttl(7).payload(Tunnel.Payload.ANY),
              plain.local(v4 ? "192.0.2.1" : "2001:db8::1"),
              plain
                  .remote(v4 ? "192.0.2.2" : "2001:db8::2")
                  .local(v4 ? "192.0.2.1" : "2001:db8::1"),
              kind == Tunnel.Kind.SIT ? plain : plain.asExternal(),
              kind == Tunnel.Kind.GRE ? plain.withInputChecksum() : plain)) {
        assertThat(LinkCodec.read(message(w -> LinkCodec.create(w, 0, 1, tunnel))).tunnel())
            .contains(tunnel);
      }
    }
  }

  @Test
  void addressesAreReadAsTheyAreWritten() {
    for (LinkAddress address :
        List.of(
            LinkAddress.parse("192.0.2.1/24"),
            LinkAddress.parse("192.0.2.1/32").label("eth0:vip").scope(LinkAddress.Scope.HOST),
            LinkAddress.parse("2001:db8::1/64").withoutDetection(),
            LinkAddress.parse("fe80::1/64").scope(LinkAddress.Scope.LINK))) {
      assertThat(AddressCodec.read(message(w -> AddressCodec.add(w, 0, 1, 2, address)), LINKS))
          .isEqualTo(new AddressState("eth0", address, false, false));
    }
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

  @Test
  void rulesAreReadAsTheyAreWritten() {
    for (MarkRule rule :
        List.of(
            MarkRule.of(7, 100),
            MarkRule.of(0, 70_000).mask(1).priority(9),
            MarkRule.of(0xffff_ffffL, 0xffff_ffffL).family(AddressFamily.IPV6))) {
      assertThat(
              RuleCodec.read(message(w -> RuleCodec.change(w, Rtnetlink.RTM_NEWRULE, 0, 1, rule))))
          .isEqualTo(rule);
    }
  }
}
