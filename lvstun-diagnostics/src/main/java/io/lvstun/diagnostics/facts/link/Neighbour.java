// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.section.Json;
import io.lvstun.diagnostics.facts.section.Lines;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a host remembers of a neighbour: which hardware address has an IP address on a segment.
 *
 * @param address the neighbour's IP address
 * @param device the device that leads to it
 * @param hardwareAddress for example {@code 02:fc:00:00:00:01}, in lower case; empty if nobody
 *     answered
 * @param state for example {@code REACHABLE}, {@code STALE}, {@code FAILED}
 * @since 0.1.0
 */
public record Neighbour(InetAddress address, String device, String hardwareAddress, String state) {

  private static final Set<String> STATES =
      Set.of(
          "REACHABLE",
          "STALE",
          "DELAY",
          "PROBE",
          "FAILED",
          "INCOMPLETE",
          "PERMANENT",
          "NOARP",
          "NONE");

  /** Reads what the host printed. */
  public static List<Neighbour> parse(String text) {
    List<Neighbour> neighbours = new ArrayList<>();
    if (text.stripLeading().startsWith("[")) {
      for (JsonNode node : Json.sequence(text)) {
        if (node.has("dst")) {
          neighbours.add(
              new Neighbour(
                  IpAddress.parse(node.path("dst").asString("")),
                  node.path("dev").asString(""),
                  node.path("lladdr").asString("").toLowerCase(Locale.ROOT),
                  node.path("state").path(0).asString("")));
        }
      }
      return List.copyOf(neighbours);
    }
    for (String line : Lines.of(text)) {
      List<String> words = Lines.words(line);
      if (!words.isEmpty()) {
        neighbours.add(
            new Neighbour(
                IpAddress.parse(words.get(0)),
                after(words, "dev"),
                after(words, "lladdr").toLowerCase(Locale.ROOT),
                words.stream().filter(STATES::contains).findFirst().orElse("")));
      }
    }
    return List.copyOf(neighbours);
  }

  private static String after(List<String> words, String word) {
    int at = words.indexOf(word);
    return at >= 0 && at + 1 < words.size() ? words.get(at + 1) : "";
  }

  /** Returns for example {@code 192.0.2.1 dev eth0 lladdr 02:fc:00:00:00:01 STALE}. */
  @Override
  public String toString() {
    return IpAddress.format(address)
        + " dev "
        + device
        + (hardwareAddress.isEmpty() ? "" : " lladdr " + hardwareAddress)
        + " "
        + state;
  }
}
