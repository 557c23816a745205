// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import java.util.Map;
import java.util.Optional;

/**
 * Options that the {@code ipvsadm} of DPVS (iQIYI) and of Alibaba's LVS have, and the kernel's has
 * not or uses for something else.
 */
final class Dialect {

  private static final String WHOSE =
      " is an option of the ipvsadm of DPVS and Alibaba's LVS, not of the kernel's IPVS";

  private static final Map<Character, String> LETTERS =
      Map.of(
          'P', "-P (--add-laddr)",
          'Q', "-Q (--del-laddr)",
          'G', "-G (--get-laddr)",
          'z', "-z (--laddr)",
          'j', "-j (--synproxy)",
          'J', "-J (--snat)");

  private static final Map<String, String> OPTIONS =
      Map.of(
          "fullnat", "--fullnat",
          "snat", "--snat",
          "add-laddr", "--add-laddr",
          "del-laddr", "--del-laddr",
          "get-laddr", "--get-laddr",
          "laddr", "--laddr",
          "local-address", "--local-address",
          "synproxy", "--synproxy");

  private Dialect() {}

  /** What to say of a letter that the kernel's ipvsadm does not know. */
  static Optional<String> ofLetter(char letter) {
    return Optional.ofNullable(LETTERS.get(letter)).map(Dialect::message);
  }

  /** What to say of a long option that the kernel's ipvsadm does not know. */
  static Optional<String> ofOption(String name) {
    return Optional.ofNullable(OPTIONS.get(name)).map(Dialect::message);
  }

  /** What to say of an option that stands with a command it does not belong to. */
  static Optional<String> ofMisplaced(Option option, Option command) {
    boolean fullNat =
        option == Option.SCHED_FLAGS
            && (command == Option.ADD_SERVER || command == Option.EDIT_SERVER);
    return fullNat
        ? Optional.of(
            "a forwarding method -g, -i or -m: -b is FullNAT in the ipvsadm of DPVS and Alibaba's"
                + " LVS, which the kernel's IPVS does not have")
        : Optional.empty();
  }

  private static String message(String option) {
    return "an option of ipvsadm: " + option + WHOSE;
  }
}
