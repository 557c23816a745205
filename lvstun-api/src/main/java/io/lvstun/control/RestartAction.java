// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import java.util.Set;

/**
 * Restarts a real server that is out of service.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RestartAction {

  /**
   * Called when the server has been drained. When it returns, the server is to be up soon: it joins
   * when its checks find it so.
   *
   * @param server the services that the server is in, as given to the controller
   * @throws Exception if it could not be restarted; the server stays out, and no other is touched
   */
  void restart(Set<Destination> server) throws Exception;
}
