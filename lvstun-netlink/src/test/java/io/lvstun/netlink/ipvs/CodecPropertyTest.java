// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.Command;
import io.lvstun.ProtocolException;
import io.lvstun.SyncDaemon;
import io.lvstun.netlink.ipvs.Decoder.ServiceHead;
import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.netlink.message.Netlink;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** For random values: what is written is what is read. The seed is settable with -Dlvstun.seed. */
class CodecPropertyTest {

  private static final int ROUNDS = 20_000;

  private final long seed = Long.getLong("lvstun.seed", System.nanoTime());
  private final Generator generator = new Generator(seed);
  private final Encoder encoder = new Encoder();
  private final Decoder decoder = new Decoder(new TunnelSupport("6.1"));
  private final ByteBuffer buffer = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());
  private final MessageWriter writer = new MessageWriter(buffer.array());
  private final MessageReader reader = new MessageReader();

  @Test
  void kernelReadsTheCommandThatWasWritten() {
    for (int round = 0; round < ROUNDS; round++) {
      Command command = generator.command();
      writer.clear();
      encoder.command(writer, 28, Netlink.NLM_F_REQUEST, round, command);
      assertThat(writer.length())
          .as("seed %d: %s", seed, command)
          .isLessThanOrEqualTo(Encoder.LONGEST_MESSAGE)
          .matches(length -> length % 4 == 0);
      reader.reset(buffer, writer.length());
      assertThat(reader.next()).isTrue();
      assertThat(reader.sequence()).isEqualTo(round);
      assertThat(KernelCodec.command(reader)).as("seed %d", seed).isEqualTo(command);
      assertThat(reader.next()).isFalse();
    }
  }

  @Test
  void driverReadsWhatTheKernelWrote() {
    for (int round = 0; round < ROUNDS; round++) {
      ServiceState service = generator.serviceState();
      ServerState server = generator.serverState();
      SyncDaemon daemon = generator.daemon();

      ServiceHead head =
          decoder.service(message(Ipvs.IPVS_CMD_NEW_SERVICE, w -> KernelCodec.service(w, service)));
      assertThat(head.definition()).as("seed %d", seed).isEqualTo(service.definition());
      assertThat(head.counters()).as("seed %d", seed).isEqualTo(service.counters());
      assertThat(head.rates()).as("seed %d", seed).isEqualTo(service.rates());
      assertThat(
              decoder.server(
                  message(Ipvs.IPVS_CMD_NEW_DEST, w -> KernelCodec.server(w, server, true)),
                  AddressFamily.IPV4))
          .as("seed %d", seed)
          .isEqualTo(server);
      assertThat(
              decoder.daemon(message(Ipvs.IPVS_CMD_NEW_DAEMON, w -> KernelCodec.daemon(w, daemon))))
          .as("seed %d", seed)
          .isEqualTo(daemon);
    }
  }

  @Test
  void damagedAnswersGiveAValueOrAProtocolException() {
    for (int round = 0; round < ROUNDS; round++) {
      ServiceState service = generator.serviceState();
      ServerState server = generator.serverState();
      SyncDaemon daemon = generator.daemon();
      int kind = round % 5;
      MessageReader whole =
          switch (kind) {
            case 0 -> message(Ipvs.IPVS_CMD_NEW_SERVICE, w -> KernelCodec.service(w, service));
            case 1 -> message(Ipvs.IPVS_CMD_NEW_DEST, w -> KernelCodec.server(w, server, true));
            case 2 -> message(Ipvs.IPVS_CMD_NEW_DAEMON, w -> KernelCodec.daemon(w, daemon));
            case 3 -> message(Ipvs.IPVS_CMD_SET_CONFIG, w -> w.putU32(4, 900));
            default -> message(Ipvs.IPVS_CMD_SET_INFO, w -> w.putU32(1, 0x010201));
          };
      byte[] bytes = new byte[whole.datagramLength()];
      buffer.get(0, bytes);
      byte[] damaged = generator.damaged(bytes);
      try {
        Answers.decode(ByteBuffer.wrap(damaged), damaged.length, decoder, kind);
      } catch (ProtocolException expected) {
        assertThat(expected.driver()).isEqualTo("netlink");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
  }

  private MessageReader message(int command, Consumer<MessageWriter> attributes) {
    writer.clear();
    writer.begin(28, Netlink.NLM_F_MULTI, 1);
    writer.genericHeader(command, 1);
    attributes.accept(writer);
    writer.end();
    reader.reset(buffer, writer.length());
    assertThat(reader.next()).isTrue();
    return reader;
  }

  /** Reads a datagram as the driver does. */
  static final class Answers {

    private Answers() {}

    static int decode(ByteBuffer datagram, int length, Decoder decoder, int kind) {
      MessageReader reader = new MessageReader();
      reader.reset(datagram, length);
      int records = 0;
      while (reader.next()) {
        if (reader.type() == Netlink.NLMSG_ERROR || reader.type() == Netlink.NLMSG_DONE) {
          records += reader.errno() + reader.errorText(new AttributeReader()).length();
          continue;
        }
        Object value =
            switch (kind) {
              case 0 -> decoder.service(reader);
              case 1 -> decoder.server(reader, AddressFamily.IPV6);
              case 2 -> decoder.daemon(reader);
              case 3 -> decoder.timeouts(reader);
              default -> decoder.info(reader);
            };
        records += value.toString().length();
      }
      return records;
    }
  }
}
