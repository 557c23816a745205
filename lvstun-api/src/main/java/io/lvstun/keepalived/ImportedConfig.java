// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.List;
import java.util.Objects;

/**
 * What was read from a configuration.
 *
 * @param config the values
 * @param tree every statement with its place, after conditions, parameters and inclusions
 * @param losses what the values do not carry, ordered by place
 * @since 0.1.0
 */
public record ImportedConfig(
    KeepalivedConfig config, List<Statement> tree, List<ImportLoss> losses) {

  /** Copies the lists. */
  public ImportedConfig {
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(losses, "losses");
    Objects.requireNonNull(tree, "tree");
    tree = List.copyOf(tree);
    losses = List.copyOf(losses);
  }
}
