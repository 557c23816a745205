// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check;

import io.lvstun.diagnostics.Check;
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
