// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static io.lvstun.netlink.ipvs.GoldenFile.BACKUP;
import static io.lvstun.netlink.ipvs.GoldenFile.DNS;
import static io.lvstun.netlink.ipvs.GoldenFile.MARKED;
import static io.lvstun.netlink.ipvs.GoldenFile.MASTER;
import static io.lvstun.netlink.ipvs.GoldenFile.SCTP;
import static io.lvstun.netlink.ipvs.GoldenFile.SECURE;
import static io.lvstun.netlink.ipvs.GoldenFile.SIP;
import static io.lvstun.netlink.ipvs.GoldenFile.WEB;
import static io.lvstun.netlink.ipvs.GoldenFile.load;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.netlink.ipvs.Decoder.ServiceHead;
import io.lvstun.netlink.ipvs.GoldenFile.Datagram;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.Netlink;
import io.lvstun.state.Counters;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.ServerState;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What real kernels answered ipvsadm. */
class DecoderTest {

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12"})
  void tableIsDecoded(String kernel) throws IOException {
    Decoder decoder = new Decoder(new TunnelSupport(kernel));
    Map<ServiceKey, ServiceHead> services = new LinkedHashMap<>();
    Map<RealServer, ServerState> servers = new LinkedHashMap<>();
    IpvsInfo info = null;
    for (Datagram datagram : load(kernel).get("ipvsadm -Ln")) {
      MessageReader reader = new MessageReader();
      reader.reset(ByteBuffer.wrap(datagram.bytes()), datagram.bytes().length);
      while (!datagram.request() && reader.next()) {
        if (reader.type() < 0x10) {
          assertThat(reader.errno()).isZero();
          continue;
        }
        switch (reader.genericCommand()) {
          case Ipvs.IPVS_CMD_NEW_SERVICE -> {
            ServiceHead head = decoder.service(reader);
            services.put(head.key(), head);
          }
          case Ipvs.IPVS_CMD_NEW_DEST -> {
            ServerState server = decoder.server(reader, AddressFamily.IPV4);
            servers.put(server.definition(), server);
          }
          default -> info = decoder.info(reader);
        }
      }
    }
    assertThat(info).isEqualTo(new IpvsInfo(0x010201, 4096));
    assertThat(services.values())
        .extracting(ServiceHead::definition)
        .containsExactlyInAnyOrder(WEB.scheduler(Scheduler.WRR), DNS, SECURE, MARKED, SCTP, SIP);
    assertThat(servers.keySet())
        .containsExactlyInAnyOrder(
            RealServer.tunnel("10.9.1.1").port(80).weight(6).thresholds(200, 0),
            RealServer.tunnel("10.9.1.2", Encapsulation.gue(6080).checksum()).port(80),
            RealServer.masquerade("10.9.1.3").port(5353),
            RealServer.directRouting("fd09::12").port(443).weight(0),
            RealServer.directRouting("10.9.1.4"));
    // Three datagrams of 6 bytes, with their IP and UDP headers.
    Counters three = Counters.of(3, 3, 0, 102, 0);
    assertThat(services.get(DNS.key()).counters()).isEqualTo(three);
    ServerState masqueraded = servers.get(RealServer.masquerade("10.9.1.3").port(5353));
    assertThat(masqueraded.counters()).isEqualTo(three);
    assertThat(services.get(SIP.key()).counters()).isSameAs(Counters.ZERO);
    assertThat(services.get(SCTP.key()).key())
        .isEqualTo(new ServiceKey.Endpoint(Protocol.SCTP, address("10.9.0.1"), 132));
  }

  private static InetAddress address(String literal) {
    return IpAddress.parse(literal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12"})
  void timeoutsAndDaemonsAreDecoded(String kernel) throws IOException {
    Decoder decoder = new Decoder(new TunnelSupport(kernel));
    List<Timeouts> timeouts = new ArrayList<>();
    List<SyncDaemon> daemons = new ArrayList<>();
    Map<String, List<Datagram>> steps = load(kernel);
    for (String step : List.of("ipvsadm -Ln --timeout", "ipvsadm -Ln --daemon")) {
      for (Datagram datagram : steps.get(step)) {
        MessageReader reader = new MessageReader();
        reader.reset(ByteBuffer.wrap(datagram.bytes()), datagram.bytes().length);
        while (!datagram.request() && reader.next()) {
          if (reader.type() >= 0x10 && reader.genericCommand() == Ipvs.IPVS_CMD_SET_CONFIG) {
            timeouts.add(decoder.timeouts(reader));
          } else if (reader.type() >= 0x10 && reader.genericCommand() == Ipvs.IPVS_CMD_NEW_DAEMON) {
            daemons.add(decoder.daemon(reader));
          }
        }
      }
    }
    assertThat(timeouts).containsExactly(Timeouts.ofSeconds(901, 121, 301));
    assertThat(daemons).containsExactly(MASTER, BACKUP);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12"})
  void errorsAreDecoded(String kernel) throws IOException {
    Map<String, List<Datagram>> steps = load(kernel);
    assertThat(errorsOf(steps.get("ipvsadm -A -t 10.9.0.1:80 -s rr"))).containsExactly(0, 0, 0, 17);
    assertThat(errorsOf(steps.get("ipvsadm -D -t 10.9.0.1:81"))).containsExactly(0, 3);
    assertThat(errorsOf(steps.get("ipvsadm -d -t 10.9.0.1:80 -r 10.9.1.77"))).containsExactly(0, 2);
    assertThat(errorsOf(steps.get("ipvsadm -A -t 10.9.0.1:82 -s nosuch"))).containsExactly(0, 2);
  }

  /** Errors and acknowledgements of requests to IPVS, without those of looking the family up. */
  private static List<Integer> errorsOf(List<Datagram> step) {
    List<Integer> errors = new ArrayList<>();
    for (Datagram datagram : step) {
      MessageReader reader = datagram.read();
      if (reader.type() == Netlink.NLMSG_ERROR && (reader.headerInt(8) & 0xffff) != GENL_ID_CTRL) {
        errors.add(reader.errno());
      }
    }
    return errors;
  }

  private static final int GENL_ID_CTRL = 0x10;
}
