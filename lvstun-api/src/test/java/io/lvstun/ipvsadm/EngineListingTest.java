// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.ForeignSettings;
import io.lvstun.LvsException;
import io.lvstun.Protocol;
import io.lvstun.ServiceKey;
import io.lvstun.state.ServiceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ipvsadm -S} prints engines that {@code ipvsadm -L} hides. */
final class EngineListingTest {

  /** What ipvsadm 1.31 printed on Linux 6.1. */
  private static final String SAVED =
      """
      -A -t 10.1.1.3:80 -s sh -b sh-fallback,sh-port
      -A -u 10.1.1.1:5060 -s wrr --pe sip
      -a -u 10.1.1.1:5060 -r 10.2.2.2:5060 -i -w 1 --tun-type ipip
      -A -u 10.1.1.2:5060 -s rr -p 60 -M 255.255.255.0 --pe sip -o
      -A -t [fd00::1]:80 -s rr --pe sip
      -A -f 7 -s rr --pe sip
      -A -f 7 -6 -s rr -p 30 -M 64
      """;

  private static final Program.Purpose PURPOSE = new Program.Purpose("read services", "");

  @TempDir private Path folder;

  private static List<ServiceState> states(String... lines) {
    String list = "Prot LocalAddress:Port\n  -> RemoteAddress:Port\n";
    String settings = list + String.join(" rr\n", lines) + " rr\n";
    String figures = list + String.join(" 0 0 0 0 0\n", lines) + " 0 0 0 0 0\n";
    return Recorded.states(Recorded.tables(settings + settings + settings + figures + figures));
  }

  private EngineListing listing(String modules, String body) throws IOException {
    Path file = Files.writeString(folder.resolve("modules"), modules);
    return new EngineListing(FakeProgram.program(folder, body, Duration.ofSeconds(20)), file);
  }

  private Map<ServiceKey, ForeignSettings> read(String modules) throws IOException {
    return listing(modules, "cat <<'END'\n" + SAVED + "END\n").read(PURPOSE);
  }

  @Test
  void engineIsReadWhereThereIsNoPersistence() {
    assertThat(EngineListing.parse(SAVED).keySet())
        .containsExactlyInAnyOrder(
            ServiceKey.udp("10.1.1.1", 5060), ServiceKey.tcp("fd00::1", 80), ServiceKey.fwmark(7));
    assertThat(EngineListing.parse(SAVED).values())
        .allSatisfy(settings -> assertThat(settings).hasToString("pe sip"));
  }

  @Test
  void servicesGetTheirEngines() {
    List<ServiceState> states =
        EngineListing.complete(
            states("UDP  10.1.1.1:5060", "UDP  10.1.1.9:5060"), EngineListing.parse(SAVED));
    assertThat(states.get(0).definition().foreign().orElseThrow().engine()).isEqualTo("sip");
    assertThat(states.get(1).definition().foreign()).isEmpty();
  }

  @Test
  void engineOfAnotherProtocolThatIsPrintedAsSctpGoesToNoSctpService() throws Exception {
    Map<ServiceKey, ForeignSettings> engines =
        EngineListing.parse("-A --sctp-service 10.0.0.1:80 -s rr --pe sip\n");
    List<ServiceState> alone = states("SCTP 10.0.0.1:80");
    assertThat(EngineListing.complete(alone, engines).get(0).definition().foreign()).isPresent();
    List<ServiceState> both =
        ForeignService.name(
            states("SCTP 10.0.0.1:80", "?    10.0.0.1:80"),
            List.of(
                new ServiceKey.Endpoint(
                    Protocol.of(47), io.lvstun.IpAddress.parse("10.0.0.1"), 80)));
    assertThat(EngineListing.complete(both, engines))
        .allSatisfy(state -> assertThat(state.definition().foreign()).isEmpty());
  }

  @Test
  void nothingIsRunWhereNoEngineIsLoaded() throws IOException {
    String ipvs = "ip_vs_rr 16384 1 - Live 0x0\nip_vs 184320 3 ip_vs_rr, Live 0x0\n";
    assertThat(read(ipvs)).isEmpty();
    assertThat(read(ipvs + "ip_vs_pe_sip 16384 1 - Live 0x0\n")).hasSize(3);
    // Built into the kernel: the file tells nothing.
    assertThat(read("ipip 16384 0 - Live 0x0\n")).hasSize(3);
    Files.delete(folder.resolve("modules"));
    EngineListing unreadable =
        new EngineListing(
            FakeProgram.program(folder, "cat <<'END'\n" + SAVED + "END\n", Duration.ofSeconds(20)),
            folder.resolve("modules"));
    assertThat(unreadable.read(PURPOSE)).hasSize(3);
  }

  @Test
  void programThatFailsIsTold() throws IOException {
    EngineListing failing = listing("", "echo 'Memory allocation problem' >&2; exit 255");
    assertThatExceptionOfType(LvsException.class)
        .isThrownBy(() -> failing.read(PURPOSE))
        .withMessageContaining("out of memory");
  }
}
