// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketFilterTest {

  private static final InetAddress A = IpAddress.parse("192.0.2.1");
  private static final InetAddress B = IpAddress.parse("192.0.2.2");
  private static final InetAddress A6 = IpAddress.parse("2001:db8::1");
  private static final InetAddress B6 = IpAddress.parse("2001:db8::2");

  private static List<Integer> ports(int count) {
    return IntStream.range(0, count).mapToObj(i -> 20000 + i).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 60, 126, 127, 128, 129, 500})
  void answersAreTakenHoweverManyPortsThereAre(int count) {
    var program = PacketFilter.answers(ports(count));
    for (int port : new int[] {19999, 20000, 20000 + count / 2, 19999 + count, 20000 + count}) {
      boolean wanted = port >= 20000 && port < 20000 + count;
      assertThat(FilterMachine.accepts(program, PacketMaker.syn(A, 80, B, port, 1)))
          .as("%d of %d", port, count)
          .isEqualTo(wanted);
      assertThat(FilterMachine.accepts(program, PacketMaker.syn(A6, 80, B6, port, 1)))
          .as("IPv6 %d of %d", port, count)
          .isEqualTo(wanted);
    }
    assertThat(FilterMachine.accepts(program, PacketMaker.echo(A, B, 1, 1, new byte[0]))).isTrue();
    assertThat(FilterMachine.accepts(program, PacketMaker.echo(A6, B6, 1, 1, new byte[0])))
        .isTrue();
    assertThat(FilterMachine.accepts(program, PacketMaker.ip(A, B, 17, new byte[8]))).isFalse();
    assertThat(program).hasSizeLessThan(4096);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 130, 300})
  void tunnelsAreTakenHoweverManyPortsOfGueThereAre(int count) {
    var program = PacketFilter.tunnels(ports(count));
    byte[] inner = PacketMaker.syn(A, 1, B, 80, 1);
    for (Encapsulation kind : List.of(Encapsulation.ipip(), Encapsulation.gre())) {
      assertThat(FilterMachine.accepts(program, PacketMaker.encapsulate(kind, A, B, inner, 1)))
          .isTrue();
      assertThat(FilterMachine.accepts(program, PacketMaker.encapsulate(kind, A6, B6, inner, 1)))
          .isTrue();
    }
    for (int port : new int[] {19999, 20000, 19999 + count, 20000 + count}) {
      if (port == 20000 + count || port == 19999 || count > 0) {
        boolean wanted = port >= 20000 && port < 20000 + count;
        assertThat(
                FilterMachine.accepts(
                    program, PacketMaker.encapsulate(Encapsulation.gue(port), A, B, inner, 1)))
            .as("%d of %d", port, count)
            .isEqualTo(wanted);
      }
    }
    assertThat(FilterMachine.accepts(program, inner)).isFalse();
  }

  @Test
  void laterFragmentsHaveNoPorts() {
    byte[] segment = PacketMaker.syn(A, 80, B, 20000, 1);
    segment[7] = 1;
    assertThat(FilterMachine.accepts(PacketFilter.answers(ports(1)), segment)).isFalse();
  }

  @Test
  void packetCutAnywhereIsRejectedOrTakenAndNothingElse() {
    var program = PacketFilter.answers(ports(3));
    byte[] whole = PacketMaker.syn(A, 80, B, 20001, 1);
    for (int length = 0; length < 24; length++) {
      assertThat(FilterMachine.accepts(program, Arrays.copyOf(whole, length))).isFalse();
    }
  }
}
