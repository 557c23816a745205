// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.Capability;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.RealServer;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the kernel supports tunnel types (GUE since Linux 5.2, GRE since 5.3): it does if
 * it reports one for a real server. Until a real server has been seen, the kernel's version
 * decides. Thread-safe.
 */
final class TunnelSupport {

  static final String REASON = "the kernel has no GUE and GRE tunnels: it would use IP in IP";
  static final String HINT = "GUE needs Linux 5.2, GRE Linux 5.3";

  private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

  private final boolean expected;
  private volatile @Nullable Boolean seen;

  TunnelSupport(String kernelRelease) {
    Matcher matcher = RELEASE.matcher(kernelRelease);
    // An unreadable version is a new one.
    expected =
        !matcher.matches()
            || Integer.parseInt(matcher.group(1)) * 10_000 + Integer.parseInt(matcher.group(2))
                >= 5_0002;
  }

  /** Tells whether a real server needs types of tunnel. */
  static boolean needs(RealServer server) {
    return server.forwarding() instanceof Forwarding.Tunnel tunnel
        && tunnel.encapsulation().type() != Encapsulation.TYPE_IPIP;
  }

  /** Takes note of what the kernel reported of a real server. */
  void saw(boolean reported) {
    if (seen == null) {
      seen = reported;
    }
  }

  boolean isThere() {
    Boolean reported = seen;
    return reported == null ? expected : reported;
  }

  Map<Capability, String> missing() {
    return isThere() ? Map.of() : Map.of(Capability.TUNNEL_ENCAPSULATION, REASON + ". " + HINT);
  }
}
