// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check;

/** Checks whose failure explains what others see. */
final class Causes {

  /** A real server does not answer, or its answers do not come back. */
  static final String[] NO_ANSWER = {
    HostChecks.ANSWERS,
    KernelChecks.IPIP,
    KernelChecks.FALLBACK_DEVICE,
    TunnelChecks.UP,
    TunnelChecks.VIP,
    TunnelChecks.LOOP,
    TunnelChecks.ADDRESS,
    TunnelDeviceChecks.CALICO,
    TunnelServiceChecks.LISTENS,
    TunnelServiceChecks.PORT,
    TunnelServiceChecks.FOU,
    ReversePathChecks.STRICT,
    ReversePathChecks.ALL_WINS,
    ReversePathChecks.FILTER_RULE,
    MartianChecks.OUTER_SOURCE,
    FirewallChecks.INPUT,
    FirewallChecks.INNER,
    DirectorFirewallChecks.OUTPUT,
    DirectorFirewallChecks.STATEFUL,
    IpvsTableChecks.FORWARDING,
    Ipv6Checks.OVER_IPV6,
    Ipv6Checks.IN_IPV4
  };

  private Causes() {}
}
