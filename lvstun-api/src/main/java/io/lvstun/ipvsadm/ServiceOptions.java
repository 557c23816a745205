// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.Command;
import io.lvstun.ServiceKey;
import io.lvstun.rules.Rules;
import java.util.List;

/** The options with which ipvsadm names one service. */
final class ServiceOptions {

  private ServiceOptions() {}

  static List<String> of(ServiceKey key) {
    // "-D" and the service: what follows is the same for each command.
    List<String> words = Rules.arguments(new Command.RemoveService(key));
    return words.subList(1, words.size());
  }
}
