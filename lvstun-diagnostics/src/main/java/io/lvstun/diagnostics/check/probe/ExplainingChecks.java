// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.probe;

import io.lvstun.diagnostics.model.Codes;

/**
 * Checks whose failure explains what others see.
 *
 * @since 0.1.0
 */
public final class ExplainingChecks {

  /** A real server does not answer, or its answers do not come back. */
  private static final String[] NO_ANSWER = {
    Codes.HOST_ANSWERS,
    Codes.IPIP_MODULE,
    Codes.FALLBACK_DEVICE,
    Codes.TUNNEL_UP,
    Codes.TUNNEL_VIP,
    Codes.TUNNEL_LOOP,
    Codes.TUNNEL_ADDRESS,
    Codes.CALICO_DEVICE,
    Codes.WAY_BACK,
    Codes.SERVICE_LISTENS,
    Codes.SERVICE_PORT,
    Codes.FOU_PORT,
    Codes.STRICT_FILTER,
    Codes.ALL_WINS,
    Codes.FILTER_RULE,
    Codes.OUTER_SOURCE,
    Codes.FILTER_INPUT,
    Codes.FILTER_INNER,
    Codes.FILTER_OUTPUT,
    Codes.FILTER_STATEFUL,
    Codes.FORWARDING_METHOD,
    Codes.OVER_IPV6,
    Codes.IPV6_IN_IPV4
  };

  private ExplainingChecks() {}

  /** The codes of what keeps a real server's answers away. */
  public static String[] noAnswer() {
    return NO_ANSWER.clone();
  }
}
