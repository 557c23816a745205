// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.firewall;

import io.lvstun.diagnostics.facts.section.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A set of {@code ipset}, without its entries.
 *
 * @param name its name
 * @param type for example {@code hash:net}
 * @param entries how many entries it has; empty if not told
 * @param limit how many it takes ({@code maxelem}); empty if it has no such limit
 * @since 0.1.0
 */
public record IpSet(String name, String type, OptionalLong entries, OptionalLong limit) {

  private static final Pattern LIMIT = Pattern.compile("\\bmaxelem (\\d{1,18})\\b");

  /** From {@code ipset list -t}. */
  public static List<IpSet> parse(String text) {
    List<IpSet> sets = new ArrayList<>();
    String name = "";
    String type = "";
    OptionalLong entries = OptionalLong.empty();
    OptionalLong limit = OptionalLong.empty();
    for (String line : Lines.of(text)) {
      if (line.startsWith("Name: ")) {
        if (!name.isEmpty()) {
          sets.add(new IpSet(name, type, entries, limit));
        }
        name = line.substring("Name: ".length()).strip();
        type = "";
        entries = OptionalLong.empty();
        limit = OptionalLong.empty();
      } else if (line.startsWith("Type: ")) {
        type = line.substring("Type: ".length()).strip();
      } else if (line.startsWith("Header: ")) {
        Matcher matcher = LIMIT.matcher(line);
        if (matcher.find()) {
          limit = OptionalLong.of(Long.parseLong(matcher.group(1)));
        }
      } else if (line.startsWith("Number of entries: ")) {
        String number = line.substring("Number of entries: ".length()).strip();
        if (Lines.number(number, 18)) {
          entries = OptionalLong.of(Long.parseLong(number));
        }
      }
    }
    if (!name.isEmpty()) {
      sets.add(new IpSet(name, type, entries, limit));
    }
    return List.copyOf(sets);
  }
}
