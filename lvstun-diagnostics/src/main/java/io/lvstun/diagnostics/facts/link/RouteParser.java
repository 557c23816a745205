// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.section.Json;
import io.lvstun.diagnostics.facts.section.Lines;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * {@code ip route show} and {@code ip route get}, as JSON and as text.
 *
 * @since 0.1.0
 */
public final class RouteParser {

  private static final Set<String> TYPES =
      Set.of(
          "unicast",
          "local",
          "broadcast",
          "multicast",
          "anycast",
          "unreachable",
          "prohibit",
          "blackhole",
          "throw",
          "nat");

  private RouteParser() {}

  /** Reads what the host printed. */
  public static List<RouteFacts> parse(String text) {
    List<RouteFacts> routes = new ArrayList<>();
    if (text.stripLeading().startsWith("[")) {
      for (JsonNode node : Json.sequence(text)) {
        if (node.has("dst")) {
          routes.add(json(node));
        }
      }
    } else {
      for (String line : Lines.of(text)) {
        List<String> words = Lines.words(line);
        // Lines that go on with what the one before said are indented; of those, nexthops are of no
        // use here.
        if (!words.isEmpty() && !line.startsWith(" ") && !line.startsWith("\t")) {
          routes.add(plain(words));
        }
      }
    }
    return List.copyOf(routes);
  }

  /** {@code ## QUESTION}, followed by the answer, if there is one. */
  public static Map<String, RouteFacts> parseAnswers(String text) {
    Map<String, StringBuilder> answers = new LinkedHashMap<>();
    StringBuilder answer = new StringBuilder();
    for (String line : Lines.of(text)) {
      if (line.startsWith("## ")) {
        answer = new StringBuilder();
        answers.put(line.substring("## ".length()).strip(), answer);
      } else {
        answer.append(line).append('\n');
      }
    }
    Map<String, RouteFacts> routes = new LinkedHashMap<>();
    answers.forEach((question, lines) -> routes.put(question, answer(question, lines.toString())));
    return routes;
  }

  private static RouteFacts answer(String question, String text) {
    String stripped = text.strip();
    if (stripped.startsWith("[")) {
      List<JsonNode> nodes = Json.sequence(stripped);
      if (!nodes.isEmpty() && nodes.get(0).has("dst")) {
        return json(nodes.get(0));
      }
    } else {
      // The second line has what the kernel has learnt: "cache expires 596sec mtu 1400".
      List<String> words = Lines.words(stripped.replace('\n', ' '));
      if (!words.isEmpty()) {
        return plain(words);
      }
    }
    return new RouteFacts(
        RouteFacts.UNREACHABLE,
        question,
        "",
        Optional.empty(),
        Optional.empty(),
        "",
        "",
        OptionalInt.empty(),
        OptionalInt.empty());
  }

  private static RouteFacts json(JsonNode node) {
    OptionalInt mtu = OptionalInt.empty();
    OptionalInt mss = OptionalInt.empty();
    for (JsonNode metrics : node.path("metrics")) {
      mtu = metrics.has("mtu") ? metrics.path("mtu").asIntOpt() : mtu;
      mss = metrics.has("advmss") ? metrics.path("advmss").asIntOpt() : mss;
    }
    return new RouteFacts(
        node.path("type").asString("unicast"),
        node.path("dst").asString(""),
        node.path("dev").asString(""),
        address(node.path("gateway").asString("")),
        address(node.path("prefsrc").asString("")),
        node.path("table").asString(""),
        node.path("scope").asString(""),
        mtu,
        mss);
  }

  private static RouteFacts plain(List<String> words) {
    int at = 0;
    String type = "unicast";
    if (TYPES.contains(words.get(0)) && words.size() > 1) {
      type = words.get(0);
      at = 1;
    }
    String destination = words.get(at);
    return new RouteFacts(
        type,
        destination,
        after(words, "dev"),
        address(after(words, "via")),
        address(after(words, "src")),
        after(words, "table"),
        after(words, "scope"),
        number(after(words, "mtu"), words, "mtu"),
        number(after(words, "advmss"), words, "advmss"));
  }

  private static String after(List<String> words, String word) {
    int at = words.indexOf(word);
    return at >= 0 && at + 1 < words.size() ? words.get(at + 1) : "";
  }

  /** {@code mtu 1400} or {@code mtu lock 1400}. */
  private static OptionalInt number(String text, List<String> words, String word) {
    String value = text;
    if (value.equals("lock")) {
      int at = words.indexOf(word);
      value = at + 2 < words.size() ? words.get(at + 2) : "";
    }
    return value.matches("\\d{1,9}")
        ? OptionalInt.of(Integer.parseInt(value))
        : OptionalInt.empty();
  }

  private static Optional<InetAddress> address(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(IpAddress.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
