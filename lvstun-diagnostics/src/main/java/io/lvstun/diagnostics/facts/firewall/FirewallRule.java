// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.firewall;

import java.util.List;
import java.util.OptionalLong;

/**
 * One rule of a packet filter, whatever backend it is of.
 *
 * @param text the rule as the host's own tool writes it
 * @param conditions what a packet must be; all of them
 * @param action what happens to it then
 * @param packets how many packets it has matched; empty if it does not count
 * @since 0.1.0
 */
public record FirewallRule(
    String text, List<Condition> conditions, Action action, OptionalLong packets) {

  /** Copies the list. */
  public FirewallRule {
    conditions = List.copyOf(conditions);
  }

  /**
   * What a packet must be.
   *
   * @param field {@code protocol}, {@code source}, {@code destination}, {@code in}, {@code out},
   *     {@code source-port}, {@code destination-port}, {@code state}, {@code icmp-type}, {@code
   *     tcp-flags}, as {@code MASK/VALUE}, {@code family}; or {@code unknown} for what this library
   *     does not understand
   * @param values it must be one of these; for ports and types also ranges {@code 80-90}, for
   *     addresses networks, for devices a name that ends in {@code *}
   * @param negated it must be none of these
   * @since 0.1.0
   */
  public record Condition(String field, List<String> values, boolean negated) {

    /** The field of conditions that are not understood. */
    public static final String UNKNOWN = "unknown";

    /** Copies the list. */
    public Condition {
      values = List.copyOf(values);
    }

    static Condition unknown(String text) {
      return new Condition(UNKNOWN, List.of(text), false);
    }
  }

  /**
   * What happens to a packet.
   *
   * @param kind the kind
   * @param chain where it goes on; empty unless the kind is a jump
   * @since 0.1.0
   */
  public record Action(Kind kind, String chain) {

    /** Makes an action without a target. */
    public static Action of(Kind kind) {
      return new Action(kind, "");
    }
  }

  /**
   * Kinds of actions.
   *
   * @since 0.1.0
   */
  public enum Kind {
    /** It passes this chain's hook. */
    ACCEPT,
    /** It is dropped, with or without an answer. */
    DROP,
    /** It goes through another chain, and comes back. */
    JUMP,
    /** It goes through another chain, and does not come back. */
    GOTO,
    /** It leaves the chain. */
    RETURN,
    /** It goes on to the next rule: it is counted, logged, marked, changed. */
    CONTINUE,
    /** This library does not know. */
    UNKNOWN
  }
}
