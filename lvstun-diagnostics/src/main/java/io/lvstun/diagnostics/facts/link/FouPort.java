// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import io.lvstun.diagnostics.facts.section.Json;
import io.lvstun.diagnostics.facts.section.Lines;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A UDP port on which the kernel takes tunnels out of UDP (module {@code fou}).
 *
 * @param port 1 to 65535
 * @param gue whether packets have a GUE header; without, what follows is of one protocol (FOU)
 * @param protocol the IP protocol of what is inside; 0 for GUE
 * @param ipv6 whether it takes UDP over IPv6
 * @since 0.1.0
 */
public record FouPort(int port, boolean gue, int protocol, boolean ipv6) {

  /** Reads what the host printed. */
  public static List<FouPort> parse(String text) {
    List<FouPort> ports = new ArrayList<>();
    if (text.stripLeading().startsWith("[")) {
      for (JsonNode node : Json.sequence(text)) {
        int port = node.path("port").asInt(0);
        if (possible(port)) {
          ports.add(
              new FouPort(
                  port,
                  node.has("gue"),
                  node.path("ipproto").asInt(node.path("protocol").asInt(0)),
                  node.path("family").asString("inet").equals("inet6")));
        }
      }
      return List.copyOf(ports);
    }
    for (String line : Lines.of(text)) {
      List<String> words = Lines.words(line);
      int port = number(words, "port");
      if (possible(port)) {
        ports.add(
            new FouPort(
                port, words.contains("gue"), number(words, "ipproto"), words.contains("-6")));
      }
    }
    return List.copyOf(ports);
  }

  private static boolean possible(int port) {
    return port > 0 && port <= 0xffff;
  }

  private static int number(List<String> words, String word) {
    int at = words.indexOf(word);
    String value = at >= 0 && at + 1 < words.size() ? words.get(at + 1) : "";
    return Lines.number(value, 5) ? Integer.parseInt(value) : 0;
  }
}
