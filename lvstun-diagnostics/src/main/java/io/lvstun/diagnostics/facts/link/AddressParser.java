// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import io.lvstun.ForeignText;
import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.section.Json;
import io.lvstun.diagnostics.facts.section.Lines;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * {@code ip address}, as JSON and as text.
 *
 * @since 0.1.0
 */
public final class AddressParser {

  private static final Pattern HEAD = Pattern.compile("\\d{1,9}: ([^:\\s@]+)(?:@[^:\\s]+)?: <.*");
  private static final Set<String> FLAGS =
      Set.of(
          "secondary",
          "temporary",
          "tentative",
          "dadfailed",
          "deprecated",
          "dynamic",
          "nodad",
          "noprefixroute",
          "mngtmpaddr",
          "home",
          "optimistic");

  private AddressParser() {}

  /** Reads what the host printed. */
  public static List<Address> parse(String text) {
    return text.stripLeading().startsWith("[") ? json(text) : plain(text);
  }

  private static List<Address> json(String text) {
    List<Address> addresses = new ArrayList<>();
    for (JsonNode device : Json.sequence(text)) {
      for (JsonNode node : device.path("addr_info")) {
        String local = node.path("local").asString("");
        if (local.isEmpty()) {
          continue;
        }
        Set<String> flags = new LinkedHashSet<>();
        for (String flag : FLAGS) {
          if (node.path(flag).asBoolean(false)) {
            flags.add(flag);
          }
        }
        addresses.add(
            new Address(
                device.path("ifname").asString(""),
                IpAddress.parse(local),
                node.path("prefixlen").asInt(0),
                node.path("scope").asString(""),
                flags));
      }
    }
    return List.copyOf(addresses);
  }

  private static List<Address> plain(String text) {
    List<Address> addresses = new ArrayList<>();
    String device = "";
    for (String line : Lines.of(text)) {
      Matcher head = HEAD.matcher(line);
      if (head.matches()) {
        device = head.group(1);
        continue;
      }
      List<String> words = Lines.words(line);
      if (words.size() < 2 || !(words.get(0).equals("inet") || words.get(0).equals("inet6"))) {
        continue;
      }
      String local = words.get(1);
      String network = local;
      int peer = words.indexOf("peer");
      if (peer > 0 && peer + 1 < words.size()) {
        network = words.get(peer + 1);
      }
      int slash = network.indexOf('/');
      int localSlash = local.indexOf('/');
      int length = slash < 0 ? (words.get(0).equals("inet") ? 32 : 128) : prefix(network, slash);
      int scope = words.indexOf("scope");
      Set<String> flags = new LinkedHashSet<>(words);
      flags.retainAll(FLAGS);
      addresses.add(
          new Address(
              device,
              IpAddress.parse(localSlash < 0 ? local : local.substring(0, localSlash)),
              length,
              scope > 0 && scope + 1 < words.size() ? words.get(scope + 1) : "",
              flags));
    }
    return List.copyOf(addresses);
  }

  private static int prefix(String network, int slash) {
    String length = network.substring(slash + 1);
    if (!Lines.number(length, 3)) {
      throw new IllegalArgumentException("no prefix length in " + ForeignText.printable(network));
    }
    return Integer.parseInt(length);
  }
}
