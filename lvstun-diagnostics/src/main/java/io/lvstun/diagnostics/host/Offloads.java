// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.host;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What network devices do for the processor, as {@code ethtool -k} tells it.
 *
 * @since 0.1.0
 */
public final class Offloads {

  private final Map<String, Map<String, String>> features;

  private Offloads(Map<String, Map<String, String>> features) {
    this.features = features;
  }

  static Offloads parse(String text) {
    Map<String, Map<String, String>> features = new LinkedHashMap<>();
    Map<String, String> current = new LinkedHashMap<>();
    boolean reading = false;
    for (String line : Lines.of(text)) {
      if (line.startsWith("## ")) {
        reading = line.startsWith("## features ");
        if (reading) {
          current = new LinkedHashMap<>();
          features.put(line.substring("## features ".length()).strip(), current);
        }
        continue;
      }
      int colon = line.indexOf(':');
      if (reading && colon > 0 && !line.startsWith("Features for")) {
        current.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    return new Offloads(features);
  }

  /**
   * Returns all features of a device.
   *
   * @param device for example {@code eth0}
   * @return name to setting; empty if the device was not asked
   */
  public Map<String, String> of(String device) {
    return Collections.unmodifiableMap(features.getOrDefault(device, Map.of()));
  }

  /**
   * Tells whether a feature is on.
   *
   * @param device for example {@code eth0}
   * @param feature for example {@code generic-receive-offload}
   * @return empty if that is not known
   */
  public Optional<Boolean> on(String device, String feature) {
    return Optional.ofNullable(of(device).get(feature)).map(setting -> setting.startsWith("on"));
  }
}
