// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.link.LinkFacts.Tunnel;
import io.lvstun.diagnostics.facts.section.Json;
import io.lvstun.diagnostics.facts.section.Lines;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * {@code ip link}, as JSON, as text of iproute2 with and without details, and as text of BusyBox.
 *
 * @since 0.1.0
 */
public final class LinkParser {

  private static final Pattern HEAD =
      Pattern.compile("(\\d{1,9}): ([^:\\s@]+)(?:@[^:\\s]+)?: <([^>]*)>(.*)");

  /** Kinds of tunnels over IP. */
  private static final Set<String> TUNNELS =
      Set.of("ipip", "sit", "gre", "gretap", "ip6tnl", "ip6gre", "ip6gretap", "vti", "vti6");

  /** The word after "link/", and the number in /sys/class/net/X/type, where details are missing. */
  private static final Map<String, String> KIND_OF_TYPE =
      Map.of(
          "ipip", "ipip",
          "tunnel", "ipip",
          "768", "ipip",
          "tunnel6", "ip6tnl",
          "769", "ip6tnl",
          "sit", "sit",
          "776", "sit",
          "gre", "gre",
          "778", "gre");

  private LinkParser() {}

  /** Reads what the host printed. */
  public static List<LinkFacts> parse(String text, String tunnels, String devices) {
    Map<String, Tunnel> ends = tunnelsOf(tunnels);
    Map<String, String> files = Lines.files(devices);
    return text.stripLeading().startsWith("[") ? json(text, ends) : plain(text, ends, files);
  }

  private static List<LinkFacts> json(String text, Map<String, Tunnel> ends) {
    List<LinkFacts> links = new ArrayList<>();
    for (JsonNode node : Json.sequence(text)) {
      String name = node.path("ifname").asString("");
      if (name.isEmpty()) {
        continue;
      }
      Set<String> flags = new LinkedHashSet<>();
      node.path("flags").forEach(flag -> flags.add(flag.asString("")));
      String type = node.path("link_type").asString("");
      JsonNode info = node.path("linkinfo");
      String kind = info.path("info_kind").asString(KIND_OF_TYPE.getOrDefault(type, ""));
      Optional<Tunnel> tunnel = Optional.empty();
      if (TUNNELS.contains(kind)) {
        JsonNode data = info.path("info_data");
        tunnel =
            data.isObject()
                ? Optional.of(
                    new Tunnel(
                        end(data.path("local").asString("any")),
                        end(data.path("remote").asString("any")),
                        data.has("external"),
                        data.path("proto").asString("")))
                : Optional.of(ends.getOrDefault(name, anyEnds()));
      }
      links.add(
          new LinkFacts(
              node.path("ifindex").asInt(0),
              name,
              flags,
              node.path("mtu").asInt(0),
              kind,
              node.path("master").asString(""),
              tunnel,
              node.path("address").asString(""),
              node.path("operstate").asString(""),
              node.path("num_tx_queues").asInt(0),
              node.path("num_rx_queues").asInt(0)));
    }
    return List.copyOf(links);
  }

  private static List<LinkFacts> plain(
      String text, Map<String, Tunnel> ends, Map<String, String> files) {
    List<LinkFacts> links = new ArrayList<>();
    List<String> lines = Lines.of(text);
    for (int i = 0; i < lines.size(); i++) {
      Matcher head = HEAD.matcher(lines.get(i));
      if (!head.matches()) {
        continue;
      }
      StringBuilder rest = new StringBuilder(head.group(4));
      while (i + 1 < lines.size() && lines.get(i + 1).startsWith(" ")) {
        rest.append(' ').append(lines.get(++i));
      }
      links.add(plainLink(head, Lines.words(rest.toString()), ends, files));
    }
    if (links.isEmpty() && !text.isBlank()) {
      throw new IllegalArgumentException("no network device in the output of ip link");
    }
    return List.copyOf(links);
  }

  private static LinkFacts plainLink(
      Matcher head, List<String> words, Map<String, Tunnel> ends, Map<String, String> files) {
    String name = head.group(2);
    Map<String, String> after = new HashMap<>();
    String type = "";
    String address = "";
    String kind = "";
    String mode = "";
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String next = i + 1 < words.size() ? words.get(i + 1) : "";
      if (word.startsWith("link/")) {
        type = word.substring("link/".length());
        address = next;
      } else if (TUNNELS.contains(word) && !type.isEmpty() && kind.isEmpty()) {
        kind = word;
        mode = next.matches("(?:remote|local|external|any)") ? "" : next;
      } else {
        after.putIfAbsent(word, next);
      }
    }
    if (kind.isEmpty()) {
      String number = files.getOrDefault("/sys/class/net/" + name + "/type", "").strip();
      kind = KIND_OF_TYPE.getOrDefault(type, KIND_OF_TYPE.getOrDefault(number, ""));
    }
    Optional<Tunnel> tunnel = Optional.empty();
    if (TUNNELS.contains(kind)) {
      tunnel =
          Optional.of(
              after.containsKey("remote") || after.containsKey("external")
                  ? new Tunnel(
                      end(after.getOrDefault("local", "any")),
                      end(after.getOrDefault("remote", "any")),
                      after.containsKey("external"),
                      mode)
                  : ends.getOrDefault(name, anyEnds()));
    }
    return new LinkFacts(
        Integer.parseInt(head.group(1)),
        name,
        new LinkedHashSet<>(Arrays.asList(head.group(3).split(","))),
        number(after.get("mtu")),
        kind,
        after.getOrDefault("master", ""),
        tunnel,
        address,
        after.getOrDefault("state", ""),
        number(after.get("numtxqueues")),
        number(after.get("numrxqueues")));
  }

  /** {@code tunl0: any/ip remote any local any ttl inherit nopmtudisc}. */
  private static Map<String, Tunnel> tunnelsOf(String text) {
    Map<String, Tunnel> tunnels = new HashMap<>();
    for (String line : Lines.of(text)) {
      List<String> words = Lines.words(line);
      if (words.size() < 2 || !words.get(0).endsWith(":")) {
        continue;
      }
      String name = words.get(0).substring(0, words.get(0).length() - 1);
      tunnels.put(
          name,
          new Tunnel(
              end(after(words, "local")),
              end(after(words, "remote")),
              words.contains("external"),
              words.get(1)));
    }
    return tunnels;
  }

  private static String after(List<String> words, String word) {
    int at = words.indexOf(word);
    return at >= 0 && at + 1 < words.size() ? words.get(at + 1) : "any";
  }

  private static Tunnel anyEnds() {
    return new Tunnel(Optional.empty(), Optional.empty(), false, "");
  }

  private static Optional<InetAddress> end(String text) {
    if (text.equals("any") || text.equals("0.0.0.0") || text.equals("::")) {
      return Optional.empty();
    }
    try {
      return Optional.of(IpAddress.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static int number(@org.jspecify.annotations.Nullable String text) {
    return text != null && Lines.number(text, 9) ? Integer.parseInt(text) : 0;
  }
}
