// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static io.lvstun.netlink.ipvs.GoldenFile.BACKUP;
import static io.lvstun.netlink.ipvs.GoldenFile.DNS;
import static io.lvstun.netlink.ipvs.GoldenFile.MARKED;
import static io.lvstun.netlink.ipvs.GoldenFile.SCTP;
import static io.lvstun.netlink.ipvs.GoldenFile.SECURE;
import static io.lvstun.netlink.ipvs.GoldenFile.SIP;
import static io.lvstun.netlink.ipvs.GoldenFile.WEB;
import static io.lvstun.netlink.ipvs.GoldenFile.load;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Command;
import io.lvstun.Encapsulation;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.netlink.ipvs.GoldenFile.Datagram;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.netlink.message.Netlink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands are written as ipvsadm and captured drivers wrote them. */
class EncoderTest {

  private static List<MessageReader> requests(List<Datagram> step) {
    return step.stream().filter(Datagram::request).map(Datagram::read).toList();
  }

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

  /** What was written for the command before must not show in the next one. */
  @Test
  void commandIsWrittenAlikeWhateverWasWrittenBefore() {
    Random random = new Random(5);
    List<ServiceKey> keys =
        List.of(
            ServiceKey.tcp("192.0.2.1", 80),
            ServiceKey.tcp("192.0.2.1", 81),
            ServiceKey.udp("2001:db8::1", 53),
            ServiceKey.fwmark(7),
            ServiceKey.fwmark6(7));
    Encoder used = new Encoder();
    for (int round = 0; round < 2000; round++) {
      ServiceKey key = keys.get(random.nextInt(keys.size()));
      RealServer server = RealServer.tunnel("198.51.100.1").port(random.nextInt(65536));
      Command command =
          switch (random.nextInt(4)) {
            case 0 -> new Command.AddServer(key, server);
            case 1 -> new Command.RemoveServer(key, server.key());
            case 2 -> new Command.RemoveService(key);
            default -> new Command.Zero(Optional.of(key));
          };
      assertThat(bytes(used, command)).as("%s", command).isEqualTo(bytes(new Encoder(), command));
    }
  }

  private static byte[] bytes(Encoder encoder, Command command) {
    byte[] bytes = new byte[Encoder.LONGEST_MESSAGE];
    MessageWriter writer = new MessageWriter(bytes);
    encoder.command(writer, 28, Netlink.NLM_F_REQUEST, 1, command);
    return Arrays.copyOf(bytes, writer.length());
  }
}
