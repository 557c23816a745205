// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check;

import io.lvstun.diagnostics.check.availability.AvailabilityChecks;
import io.lvstun.diagnostics.check.firewall.DirectorFirewallChecks;
import io.lvstun.diagnostics.check.firewall.FirewallChecks;
import io.lvstun.diagnostics.check.ipvs.IpvsSettingChecks;
import io.lvstun.diagnostics.check.ipvs.IpvsTableChecks;
import io.lvstun.diagnostics.check.ipvs.IpvsTrafficChecks;
import io.lvstun.diagnostics.check.machine.CloudChecks;
import io.lvstun.diagnostics.check.machine.HostChecks;
import io.lvstun.diagnostics.check.machine.KernelChecks;
import io.lvstun.diagnostics.check.machine.NicChecks;
import io.lvstun.diagnostics.check.machine.PersistenceChecks;
import io.lvstun.diagnostics.check.machine.TuningChecks;
import io.lvstun.diagnostics.check.path.ArpChecks;
import io.lvstun.diagnostics.check.path.ArpNeighbourChecks;
import io.lvstun.diagnostics.check.path.Ipv6Checks;
import io.lvstun.diagnostics.check.path.MartianChecks;
import io.lvstun.diagnostics.check.path.MtuChecks;
import io.lvstun.diagnostics.check.path.ReversePathChecks;
import io.lvstun.diagnostics.check.probe.ProbeChecks;
import io.lvstun.diagnostics.check.steering.GeographyChecks;
import io.lvstun.diagnostics.check.steering.LoadChecks;
import io.lvstun.diagnostics.check.steering.SteeringChecks;
import io.lvstun.diagnostics.check.tunnel.TunnelChecks;
import io.lvstun.diagnostics.check.tunnel.TunnelDeviceChecks;
import io.lvstun.diagnostics.check.tunnel.TunnelServiceChecks;
import io.lvstun.diagnostics.model.Check;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All checks. Their codes are stable: none is ever given to another check.
 *
 * @since 0.1.0
 */
public final class Catalogue {

  private static final List<Check> STATIC =
      Stream.of(
              HostChecks.all(),
              KernelChecks.all(),
              PersistenceChecks.all(),
              TunnelChecks.all(),
              TunnelDeviceChecks.all(),
              TunnelServiceChecks.all(),
              ReversePathChecks.all(),
              MartianChecks.all(),
              ArpChecks.all(),
              ArpNeighbourChecks.all(),
              FirewallChecks.all(),
              DirectorFirewallChecks.all(),
              MtuChecks.all(),
              IpvsTableChecks.all(),
              IpvsTrafficChecks.all(),
              IpvsSettingChecks.all(),
              SteeringChecks.all(),
              GeographyChecks.all(),
              TuningChecks.all(),
              NicChecks.all(),
              CloudChecks.all(),
              AvailabilityChecks.all(),
              Ipv6Checks.all(),
              LoadChecks.all())
          .flatMap(List::stream)
          .toList();

  /** The probes' checks come last: all others may explain them. */
  private static final List<Check> CHECKS =
      Stream.concat(STATIC.stream(), ProbeChecks.all(STATIC).stream()).toList();

  private Catalogue() {}

  /**
   * Returns all checks.
   *
   * @return in the order of their categories
   */
  public static List<Check> checks() {
    return CHECKS;
  }

  /**
   * Returns a check.
   *
   * @param codeOrSlug its code, in upper or lower case, or its slug
   * @return empty if there is none
   */
  public static Optional<Check> find(String codeOrSlug) {
    String code = codeOrSlug.toUpperCase(Locale.ROOT);
    return CHECKS.stream()
        .filter(check -> check.code().equals(code) || check.slug().equals(codeOrSlug))
        .findFirst();
  }
}
