// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.Command;
import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.netlink.ipvs.Decoder.ServiceHead;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.netlink.message.Netlink;
import io.lvstun.state.Counters;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.ServerState;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages captured from real kernels; each file says how. */
class GoldenTest {

  private static final VirtualService WEB =
      VirtualService.tcp("10.9.0.1", 80).scheduler(Scheduler.RR);
  private static final VirtualService DNS = VirtualService.udp("10.9.0.1", 53).onePacket(true);
  private static final VirtualService SECURE =
      VirtualService.tcp("fd09::1", 443)
          .scheduler(Scheduler.MH.with(SchedulerFlag.MH_PORT, SchedulerFlag.MH_FALLBACK))
          .persistence(Persistence.of(Duration.ofSeconds(300)).prefixLength(64));
  private static final VirtualService MARKED =
      VirtualService.fwmark(4294967295L)
          .scheduler(Scheduler.SH.with(SchedulerFlag.SH_PORT))
          .persistence(Persistence.of(Duration.ofHours(2)).netmask("255.255.255.0"));
  private static final VirtualService SCTP =
      VirtualService.sctp("10.9.0.1", 132).scheduler(Scheduler.WRR);
  private static final VirtualService SIP =
      VirtualService.udp("10.9.0.1", 5060)
          .scheduler(Scheduler.RR)
          .persistence(Persistence.of(Duration.ofMinutes(1)).engine("sip"));
  private static final SyncDaemon MASTER =
      SyncDaemon.master("d0").syncId(8).group("ff02::81").maxLength(1452);
  private static final SyncDaemon BACKUP =
      SyncDaemon.backup("d0").syncId(9).group("224.0.0.82").port(8850).ttl(3).maxLength(1400);

  /** A datagram, and whether it went to the kernel. */
  private record Datagram(boolean request, byte[] bytes) {
    MessageReader read() {
      MessageReader reader = new MessageReader();
      reader.reset(ByteBuffer.wrap(bytes), bytes.length);
      assertThat(reader.next()).isTrue();
      return reader;
    }
  }

  private static Map<String, List<Datagram>> load(String kernel) throws IOException {
    Map<String, List<Datagram>> steps = new LinkedHashMap<>();
    List<Datagram> current = new ArrayList<>();
    try (InputStream file = GoldenTest.class.getResourceAsStream("linux-" + kernel + ".txt")) {
      assertThat(file).isNotNull();
      for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (line.startsWith("+ ")) {
          current = steps.computeIfAbsent(line.substring(2), step -> new ArrayList<>());
        } else if (!line.startsWith("#")) {
          current.add(
              new Datagram(line.startsWith("> "), HexFormat.of().parseHex(line.substring(2))));
        }
      }
    }
    return steps;
  }

  private static List<MessageReader> requests(List<Datagram> step) {
    return step.stream().filter(Datagram::request).map(Datagram::read).toList();
  }

  // -- what ipvsadm sends is what our commands mean -----------------------------------------------

  private static Map<String, Command> writtenByIpvsadm() {
    Map<String, Command> steps = new LinkedHashMap<>();
    steps.put("-A -t 10.9.0.1:80 -s rr", new Command.AddService(WEB));
    steps.put(
        "-a -t 10.9.0.1:80 -r 10.9.1.1 -i -w 5 -x 100 -y 50",
        new Command.AddServer(
            WEB.key(), RealServer.tunnel("10.9.1.1").port(80).weight(5).thresholds(100, 50)));
    steps.put(
        "-a -t 10.9.0.1:80 -r 10.9.1.2 -i --tun-type gue --tun-port 6080 --tun-csum",
        new Command.AddServer(
            WEB.key(), RealServer.tunnel("10.9.1.2", Encapsulation.gue(6080).checksum()).port(80)));
    steps.put(
        "-a -t 10.9.0.1:80 -r [fd09::11]:80 -i --tun-type gre",
        new Command.AddServer(
            WEB.key(), RealServer.tunnel("fd09::11", Encapsulation.gre()).port(80)));
    steps.put("-A -u 10.9.0.1:53 -s wlc -o", new Command.AddService(DNS));
    steps.put(
        "-a -u 10.9.0.1:53 -r 10.9.1.3:5353 -m",
        new Command.AddServer(DNS.key(), RealServer.masquerade("10.9.1.3").port(5353)));
    steps.put(
        "-A -t [fd09::1]:443 -s mh -b mh-port,mh-fallback -p 300 -M 64",
        new Command.AddService(SECURE));
    steps.put(
        "-a -t [fd09::1]:443 -r [fd09::12]:443 -g -w 0",
        new Command.AddServer(
            SECURE.key(), RealServer.directRouting("fd09::12").port(443).weight(0)));
    steps.put(
        "-A -f 4294967295 -s sh -b sh-port -p 7200 -M 255.255.255.0",
        new Command.AddService(MARKED));
    steps.put(
        "-a -f 4294967295 -r 10.9.1.4 -g",
        new Command.AddServer(MARKED.key(), RealServer.directRouting("10.9.1.4")));
    steps.put(
        "-A -f 7 -6 -s lc",
        new Command.AddService(VirtualService.fwmark6(7).scheduler(Scheduler.LC)));
    steps.put("-A --sctp-service 10.9.0.1:132 -s wrr", new Command.AddService(SCTP));
    steps.put("-A -u 10.9.0.1:5060 -s rr -p 60 --pe sip", new Command.AddService(SIP));
    steps.put("-E -t 10.9.0.1:80 -s wrr", new Command.EditService(WEB.scheduler(Scheduler.WRR)));
    steps.put(
        "-e -t 10.9.0.1:80 -r 10.9.1.1 -i -w 6 -x 200",
        new Command.EditServer(
            WEB.key(), RealServer.tunnel("10.9.1.1").port(80).weight(6).thresholds(200, 0)));
    steps.put(
        "-d -t 10.9.0.1:80 -r [fd09::11]:80",
        new Command.RemoveServer(WEB.key(), ServerKey.of("fd09::11", 80)));
    steps.put("-D -f 7 -6", new Command.RemoveService(ServiceKey.fwmark6(7)));
    steps.put("--set 901 121 301", new Command.SetTimeouts(Timeouts.ofSeconds(901, 121, 301)));
    steps.put(
        "--start-daemon backup --mcast-interface d0 --syncid 9 --mcast-group 224.0.0.82"
            + " --mcast-port 8850 --mcast-ttl 3 --sync-maxlen 1400",
        new Command.StartDaemon(BACKUP));
    steps.put("-Z -t 10.9.0.1:80", new Command.Zero(Optional.of(WEB.key())));
    steps.put("-Z", new Command.Zero(Optional.empty()));
    steps.put("--stop-daemon master", new Command.StopDaemon(SyncDaemon.Role.MASTER));
    steps.put("--stop-daemon backup", new Command.StopDaemon(SyncDaemon.Role.BACKUP));
    steps.put("-C", new Command.Flush());
    return steps;
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12"})
  void requestsOfIpvsadmMeanOurCommands(String kernel) throws IOException {
    Map<String, List<Datagram>> steps = load(kernel);
    writtenByIpvsadm()
        .forEach(
            (step, command) -> {
              // Each start of ipvsadm asks for the version first.
              List<MessageReader> written =
                  requests(steps.get("ipvsadm " + step)).stream()
                      .filter(request -> request.genericCommand() != Ipvs.IPVS_CMD_GET_INFO)
                      .toList();
              assertThat(written).as(step).isNotEmpty();
              assertThat(KernelCodec.command(written.get(0))).as(step).isEqualTo(command);
            });
  }

  // -- what the kernel answers ipvsadm ------------------------------------------------------------

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

  // -- what the driver sends ----------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "6.12"})
  void driverWritesTheBytesThatTheKernelAccepted(String kernel) throws IOException {
    Map<String, List<Datagram>> steps = load(kernel);
    Encoder encoder = new Encoder();
    for (Command command : GoldenScenario.commands()) {
      String step = "driver " + command.operation() + " " + command.target();
      List<Datagram> exchange = steps.get(step);
      assertThat(exchange).as(step).hasSize(2);
      MessageReader captured = exchange.get(0).read();
      assertThat(exchange.get(1).read().errno()).as(step).isZero();

      ByteBuffer buffer = ByteBuffer.allocate(Encoder.LONGEST_MESSAGE);
      MessageWriter writer = new MessageWriter(buffer.array());
      encoder.command(
          writer,
          captured.type(),
          Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK,
          captured.sequence(),
          command);
      byte[] written = new byte[writer.length()];
      buffer.get(0, written);
      // The files are of a little-endian machine.
      if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
        assertThat(HexFormat.of().formatHex(written))
            .as(step)
            .isEqualTo(HexFormat.of().formatHex(exchange.get(0).bytes()));
      }
    }
  }
}
