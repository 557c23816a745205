// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Documents of maps, lists and text. The library behind it is an optional dependency. */
final class Yaml {

  private Yaml() {}

  /**
   * Reads a document of at most 1 MiB.
   *
   * @throws IllegalArgumentException if it is not YAML
   */
  static @Nullable Object read(String label, String text) {
    try {
      return new Load(
              LoadSettings.builder()
                  .setLabel(label)
                  .setAllowDuplicateKeys(false)
                  .setMaxAliasesForCollections(10)
                  .setCodePointLimit(1 << 20)
                  .build())
          .loadFromString(text);
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(
          label + " is not YAML: " + DocumentValues.printable(e.getMessage()), e);
    } catch (NoClassDefFoundError e) {
      throw missing(e);
    }
  }

  static String write(Map<String, Object> map) {
    try {
      return new Dump(DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build())
          .dumpToString(map);
    } catch (NoClassDefFoundError e) {
      throw missing(e);
    }
  }

  private static IllegalStateException missing(NoClassDefFoundError cause) {
    return new IllegalStateException(
        "YAML needs org.snakeyaml:snakeyaml-engine on the class path or module path: it is an"
            + " optional dependency of lvstun-api",
        cause);
  }
}
