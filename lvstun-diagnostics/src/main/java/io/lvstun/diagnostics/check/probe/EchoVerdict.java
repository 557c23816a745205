// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.probe;

import io.lvstun.diagnostics.facts.machine.KernelCounters;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.probe.TunnelEcho;
import java.util.ArrayList;
import java.util.List;

/**
 * What an echo through a tunnel that was not answered means.
 *
 * @param text a clause, whose subject is the real server
 * @param codes the checks that look into it
 */
record EchoVerdict(String text, List<String> codes) {

  private static final EchoVerdict SWALLOWED =
      new EchoVerdict(
          "does not take packets out of the tunnel (no device for ipip is up, and sit0 drops what"
              + " it gets in its place)",
          List.of("KRN-003", "KRN-004", "TUN-001"));

  /**
   * Judges an echo.
   *
   * @param counters how the real server's counters grew while packets were sent again
   * @param swallowed whether sit0 gets the packets there, and says nothing to them
   */
  static EchoVerdict of(TunnelEcho echo, Fact<KernelCounters> counters, boolean swallowed) {
    return switch (echo.outcome()) {
      case ANSWERED -> new EchoVerdict("answers", List.of());
      case UNREACHABLE ->
          new EchoVerdict(
              "does not take packets out of the tunnel (" + echo.detail() + ")",
              List.of("KRN-003", "KRN-004", "TUN-001", "TUN-009", "V6-001", "V6-002", "FW-001"));
      case REJECTED ->
          new EchoVerdict(
              "refuses the packets: filtered (" + echo.detail() + ")", List.of("FW-001", "FW-002"));
      case NO_WAY ->
          new EchoVerdict(
              "cannot be reached (" + echo.detail() + ")", List.of("HST-001", "CLD-001"));
      case BLOCKED ->
          new EchoVerdict(
              "gets nothing: the director's own packet filter drops the tunnel's packets",
              List.of("FW-003"));
      case NOT_SENT -> new EchoVerdict("was sent nothing: " + echo.detail(), List.of("IPV-002"));
      case SILENT -> swallowed ? SWALLOWED : silent(counters);
    };
  }

  private static EchoVerdict silent(Fact<KernelCounters> counters) {
    if (counters.known().isEmpty()) {
      return new EchoVerdict(
          "does not answer: filtered, or without the VIP (" + counters.reason() + ")",
          List.of("FW-001", "FW-002", "FW-003", "TUN-002", "RPF-001", "CLD-001"));
    }
    KernelCounters grown = counters.get();
    List<String> codes = new ArrayList<>();
    List<String> words = new ArrayList<>();
    if (grew(grown, "Ip.InAddrErrors")) {
      words.add("VIP missing: packets are for no address of its (Ip InAddrErrors grows)");
      codes.add("TUN-002");
    }
    if (grew(grown, "Ip.ForwDatagrams")) {
      words.add("VIP missing: it sends the packets on (Ip ForwDatagrams grows)");
      codes.add("TUN-003");
    }
    if (grew(grown, "TcpExt.IPReversePathFilter")) {
      words.add("its reverse path filter drops them (TcpExt IPReversePathFilter grows)");
      codes.addAll(List.of("RPF-001", "RPF-002", "TUN-004"));
    }
    // What the reverse path filter drops counts as martian too.
    if (!grew(grown, "TcpExt.IPReversePathFilter") && grew(grown, "rt_cache.in_martian_src")) {
      words.add("it takes their source for an impossible one (in_martian_src grows)");
      codes.addAll(List.of("RPF-003", "RPF-004", "RPF-005"));
    }
    if (words.isEmpty()) {
      words.add("filtered: no counter says that it dropped anything");
      codes.addAll(List.of("FW-001", "FW-002", "FW-003", "CLD-001", "CLD-002", "CLD-003"));
    }
    return new EchoVerdict("does not answer; " + String.join(", ", words), List.copyOf(codes));
  }

  /** More than once, as other packets may do it as well. */
  private static boolean grew(KernelCounters counters, String name) {
    return counters.growth(name).orElse(0) > 2;
  }
}
