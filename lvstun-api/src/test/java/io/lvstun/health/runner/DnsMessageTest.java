// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.health.CheckPath;
import io.lvstun.health.CheckResult.Cause;
import io.lvstun.health.DnsCheck;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DnsMessageTest {

  private static DnsCheck check(DnsCheck.Type type, String name, String expected) {
    return new DnsCheck(
        CheckPath.direct(),
        Duration.ofSeconds(1),
        type,
        name,
        expected == null ? Optional.empty() : Optional.of(expected));
  }

  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  @Test
  void queryIsAsTheStandardSays() {
    ByteBuffer query = DnsMessage.query(check(DnsCheck.Type.A, "a.example", null), 0x1234);
    assertThat(HexFormat.of().formatHex(query.array(), 0, query.limit()))
        .isEqualTo("123401000001000000000000" + "0161076578616d706c6500" + "00010001");
    ByteBuffer root = DnsMessage.query(check(DnsCheck.Type.SOA, ".", null), 1);
    assertThat(HexFormat.of().formatHex(root.array(), 12, root.limit())).isEqualTo("0000060001");
  }

  @Test
  void answersAreFound() {
    ByteBuffer answer =
        bytes(
            "1234 8180 0001 0001 0000 0000 0161076578616d706c6500 0001 0001"
                + "c00c 0001 0001 0000003c 0004 c0000201");
    assertThat(DnsMessage.answers(answer, 0x1234)).isTrue();
    assertThat(DnsMessage.answers(answer, 0x1235)).isFalse();
    assertThat(DnsMessage.judge(check(DnsCheck.Type.A, "a.example", "192.0.2.1"), answer).cause())
        .isEqualTo(Cause.NONE);
    assertThat(DnsMessage.judge(check(DnsCheck.Type.A, "a.example", "192.0.2.2"), answer).detail())
        .isEqualTo("192.0.2.2 is not in the answer to DNS A a.example");
  }

  @Test
  void errorsFail() {
    ByteBuffer answer = bytes("1234 8183 0001 0000 0000 0000 0000060001");
    assertThat(DnsMessage.judge(check(DnsCheck.Type.SOA, ".", null), answer).detail())
        .isEqualTo("DNS NXDOMAIN to DNS SOA .");
  }

  @Test
  void pointersInACircleAndCutOffAnswersAreMalformed() {
    ByteBuffer circle = bytes("1234 8180 0001 0001 0000 0000 c00c 0001 0001");
    assertThat(DnsMessage.judge(check(DnsCheck.Type.A, "a", "192.0.2.1"), circle).cause())
        .isEqualTo(Cause.MALFORMED);
  }

  @Test
  void randomBytesNeverThrow() {
    DnsCheck check = check(DnsCheck.Type.MX, "a", "b");
    for (long seed = 0; seed < 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = new byte[12 + random.nextInt(100)];
      random.nextBytes(bytes);
      bytes[3] = 0;
      assertThat(DnsMessage.judge(check, ByteBuffer.wrap(bytes))).isNotNull();
    }
  }
}
