// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.probe;

import io.lvstun.diagnostics.facts.machine.KernelCounters;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.model.Codes;
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
          List.of(Codes.IPIP_MODULE, Codes.FALLBACK_DEVICE, Codes.TUNNEL_UP));

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
              List.of(
                  Codes.IPIP_MODULE,
                  Codes.FALLBACK_DEVICE,
                  Codes.TUNNEL_UP,
                  Codes.SERVICE_LISTENS,
                  Codes.OVER_IPV6,
                  Codes.IPV6_IN_IPV4,
                  Codes.FILTER_INPUT));
      case REJECTED ->
          new EchoVerdict(
              "refuses the packets: filtered (" + echo.detail() + ")",
              List.of(Codes.FILTER_INPUT, Codes.FILTER_INNER));
      case NO_WAY ->
          new EchoVerdict(
              "cannot be reached (" + echo.detail() + ")",
              List.of(Codes.HOST_ANSWERS, Codes.AZURE_CARRIES_TUNNELS));
      case BLOCKED ->
          new EchoVerdict(
              "gets nothing: the director's own packet filter drops the tunnel's packets",
              List.of(Codes.FILTER_OUTPUT));
      case NOT_SENT ->
          new EchoVerdict("was sent nothing: " + echo.detail(), List.of(Codes.TABLE_DRIFT));
      case SILENT -> swallowed ? SWALLOWED : silent(counters);
    };
  }

  private static EchoVerdict silent(Fact<KernelCounters> counters) {
    if (counters.known().isEmpty()) {
      return new EchoVerdict(
          "does not answer: filtered, or without the VIP (" + counters.reason() + ")",
          List.of(
              Codes.FILTER_INPUT,
              Codes.FILTER_INNER,
              Codes.FILTER_OUTPUT,
              Codes.TUNNEL_VIP,
              Codes.STRICT_FILTER,
              Codes.AZURE_CARRIES_TUNNELS));
    }
    KernelCounters grown = counters.get();
    List<String> codes = new ArrayList<>();
    List<String> words = new ArrayList<>();
    if (grew(grown, "Ip.InAddrErrors")) {
      words.add("VIP missing: packets are for no address of its (Ip InAddrErrors grows)");
      codes.add(Codes.TUNNEL_VIP);
    }
    if (grew(grown, "Ip.ForwDatagrams")) {
      words.add("VIP missing: it sends the packets on (Ip ForwDatagrams grows)");
      codes.add(Codes.TUNNEL_LOOP);
    }
    if (grew(grown, "TcpExt.IPReversePathFilter")) {
      words.add("its reverse path filter drops them (TcpExt IPReversePathFilter grows)");
      codes.addAll(List.of(Codes.STRICT_FILTER, Codes.ALL_WINS, Codes.TUNNEL_ADDRESS));
    }
    // What the reverse path filter drops counts as martian too.
    if (!grew(grown, "TcpExt.IPReversePathFilter") && grew(grown, "rt_cache.in_martian_src")) {
      words.add("it takes their source for an impossible one (in_martian_src grows)");
      codes.addAll(List.of(Codes.RP_FILTER_STAYS, Codes.FILTER_RULE, Codes.OUTER_SOURCE));
    }
    if (grew(grown, "Ip.OutNoRoutes")) {
      words.add("its answers find no route (Ip OutNoRoutes grows)");
      codes.add(Codes.WAY_BACK);
    }
    if (words.isEmpty()) {
      words.add("filtered: no counter says that it dropped anything");
      codes.addAll(
          List.of(
              Codes.FILTER_INPUT,
              Codes.FILTER_INNER,
              Codes.FILTER_OUTPUT,
              Codes.AZURE_CARRIES_TUNNELS,
              Codes.DIGITALOCEAN_CARRIES_TUNNELS,
              Codes.AWS_CARRIES_TUNNELS_AND_ANSWERS));
    }
    return new EchoVerdict("does not answer; " + String.join(", ", words), List.copyOf(codes));
  }

  /** More than once, as other packets may do it as well. */
  private static boolean grew(KernelCounters counters, String name) {
    return counters.growth(name).orElse(0) > 2;
  }
}
