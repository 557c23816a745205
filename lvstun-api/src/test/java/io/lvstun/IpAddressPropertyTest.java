// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Random texts and addresses; the seed is in the failure and settable by {@code -Dlvstun.seed}. */
final class IpAddressPropertyTest {

  private static final String ALPHABET = "0123456789abcdefABCDEF::::....[]%/-x \u0000g１";
  private static final int ROUNDS = 50_000;

  private final long seed = Long.getLong("lvstun.seed", System.nanoTime());
  private final Random random = new Random(seed);

  /**
   * A text that is looked up would take seconds where there is no name server, and a text that is
   * read must come back the same.
   */
  @Test
  void anyTextIsReadOrRefusedAndNeverLookedUp() {
    Assertions.assertTimeout(
        Duration.ofSeconds(30),
        () -> {
          for (int round = 0; round < ROUNDS; round++) {
            String text = random.nextInt(4) == 0 ? broken(literal()) : noise();
            try {
              InetAddress address = IpAddress.parse(text);
              assertThat(IpAddress.parse(IpAddress.format(address))).isEqualTo(address);
              assertThat(text).matches("\\[?[0-9a-fA-F:.]+]?");
            } catch (IllegalArgumentException expected) {
              assertThat(expected).hasMessageStartingWith("address must be");
            } catch (RuntimeException | AssertionError e) {
              throw new AssertionError("seed " + seed + ", text \"" + text + '"', e);
            }
          }
        });
  }

  @Test
  void everyAddressIsReadFromWhatIsWritten() {
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      for (int i = 0; i < bytes.length; i++) {
        // Many zeros, so that runs of them are met.
        bytes[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : 0);
      }
      InetAddress address = IpAddress.ofBytes(bytes);
      String text = IpAddress.format(address);
      assertThat(IpAddress.parse(text)).as("seed %d", seed).isEqualTo(address);
      assertThat(text).as("seed %d", seed).isEqualTo(text.toLowerCase(Locale.ROOT));
      // The shortest form: no run of two zero groups is left when there is no "::".
      if (bytes.length == 16 && !text.contains("::")) {
        assertThat(text).as("seed %d", seed).doesNotContain(":0:0");
      }
    }
  }

  private String literal() {
    byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(bytes);
    return IpAddress.format(IpAddress.ofBytes(bytes));
  }

  private String broken(String literal) {
    StringBuilder text = new StringBuilder(literal);
    for (int i = random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.setCharAt(at, letter());
        case 1 -> text.insert(at, letter());
        default -> {
          if (text.length() > 1) {
            text.deleteCharAt(at);
          }
        }
      }
    }
    return text.toString();
  }

  private String noise() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(48); i > 0; i--) {
      text.append(letter());
    }
    return text.toString();
  }

  private char letter() {
    return ALPHABET.charAt(random.nextInt(ALPHABET.length()));
  }
}
