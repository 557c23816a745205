// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * What must fail the build, on purpose: no pattern of the build matches this class. {@code
 * lab/self-test --maven} runs each of its methods by name and looks at how Maven takes it.
 */
@EnabledIf("io.lvstun.examples.lab.Lab#here")
class GuestFailures {

  @Test
  void assertionFails() {
    assertThat("what is").as("a failure on purpose").isEqualTo("what should be");
  }

  @Test
  void kernelPanics() throws Exception {
    Files.writeString(Path.of("/proc/sysrq-trigger"), "c");
  }

  @Test
  void testHangs() throws Exception {
    Thread.sleep(Long.MAX_VALUE);
  }

  @Test
  void outputIsNotUtf8() {
    // Whatever tests print must not disturb the talk between Maven and its test JVM.
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    System.out.write(bytes, 0, bytes.length);
    System.out.flush();
    assertThat(bytes).hasSize(256);
  }
}
