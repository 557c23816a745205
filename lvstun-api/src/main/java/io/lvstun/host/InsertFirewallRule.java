// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * Inserts a rule at the top of a chain of nftables. Its comment identifies it.
 *
 * @param family {@code ip}, {@code ip6}, {@code inet} and so on
 * @param table the table
 * @param chain the chain
 * @param rule the words of the rule: matches and verdict, without a comment
 * @param mark how the comment begins, for example {@code lvstun-FW-001}
 * @since 0.1.0
 */
public record InsertFirewallRule(
    String family, String table, String chain, List<String> rule, String mark)
    implements HostChange {

  private static final String NAME = "[A-Za-z0-9_.-]{1,64}";

  /**
   * Deletes the rules of a chain that have a comment. The text is constant; what varies comes as
   * arguments.
   */
  private static final String DELETE_BY_COMMENT =
      "nft -a list chain \"$1\" \"$2\" \"$3\""
          + " | sed -n \"/comment \\\"$4\\\"/s/.*# handle \\([0-9][0-9]*\\)\\$/\\1/p\""
          + " | while read -r handle;"
          + " do nft delete rule \"$1\" \"$2\" \"$3\" handle \"$handle\"; done";

  /**
   * Copies the list and checks the names.
   *
   * @throws IllegalArgumentException if a name has other characters than letters, digits and {@code
   *     _.-}, or there is no rule
   */
  public InsertFirewallRule {
    Objects.requireNonNull(chain, "chain");
    Objects.requireNonNull(family, "family");
    Objects.requireNonNull(mark, "mark");
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(table, "table");
    rule = List.copyOf(rule);
    Names.require("family", family, NAME);
    Names.require("table", table, NAME);
    Names.require("chain", chain, NAME);
    Names.require("mark", mark, "[A-Za-z0-9_-]{1,64}");
    if (rule.isEmpty()) {
      throw new IllegalArgumentException("rule must have words");
    }
  }

  /**
   * Tells whether a chain can be named in a command.
   *
   * @param name of a family, table or chain
   * @return true if so
   */
  public static boolean nameable(String name) {
    return name.matches(NAME);
  }

  /**
   * Returns the comment: the mark, and a digest of the rule.
   *
   * @return for example {@code lvstun-FW-001-0123456789ab}
   */
  public String comment() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("\n", plain()).getBytes(StandardCharsets.UTF_8));
      return mark + "-" + HexFormat.of().formatHex(digest).substring(0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private List<String> plain() {
    List<String> words = new ArrayList<>(List.of("nft", "insert", "rule", family, table, chain));
    words.addAll(rule);
    return words;
  }

  @Override
  public List<String> command() {
    List<String> words = plain();
    words.addAll(List.of("comment", "\"" + comment() + "\""));
    return words;
  }

  @Override
  public List<String> undo() {
    return List.of(
        "/bin/sh", "-c", DELETE_BY_COMMENT, "lvstun-undo", family, table, chain, comment());
  }

  @Override
  public Risk risk() {
    return Risk.FIREWALL;
  }

  @Override
  public List<String> query() {
    return List.of("nft", place(), comment(), "");
  }

  private String place() {
    return family + " " + table + " " + chain;
  }

  @Override
  public String wanted(String current) {
    return PRESENT;
  }

  @Override
  public List<String> operation(String current, String target) {
    if (target.equals(ABSENT)) {
      return List.of("nft-delete", place(), comment());
    }
    List<String> operation = new ArrayList<>(List.of("run"));
    operation.addAll(command());
    return operation;
  }
}
