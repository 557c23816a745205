// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Any text is read or refused with a place in it; what is read can be written, and reads the same
 * again.
 */
final class ConfigReaderFuzzTest {

  @FuzzTest
  void readsOrRefuses(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    ImportedConfig imported;
    try {
      imported = read(text);
    } catch (ConfigSyntaxException e) {
      requirePlace(text, e.place());
      return;
    }
    imported.losses().forEach(loss -> requirePlace(text, loss.place()));
    KeepalivedConfig config = imported.config();
    if (Obstacles.first(config).isPresent()) {
      return;
    }
    ImportedConfig again = read(config.text());
    if (!again.config().equals(config)) {
      throw new AssertionError(config + " was written and read as " + again.config());
    }
    if (!again.losses().isEmpty()) {
      throw new AssertionError("what was written loses " + again.losses());
    }
  }

  private static ImportedConfig read(String text) {
    return ConfigReader.of(ConfigFiles.of(Map.of("/k", text))).configId("a").read("/k");
  }

  private static void requirePlace(String text, SourcePosition place) {
    String[] lines = text.split("\n", -1);
    if (place.line() < 1 || place.line() > lines.length) {
      throw new AssertionError("there is no line " + place.line());
    }
    if (place.column() < 1 || place.column() > lines[place.line() - 1].length() + 1) {
      throw new AssertionError("line " + place.line() + " has no column " + place.column());
    }
  }
}
