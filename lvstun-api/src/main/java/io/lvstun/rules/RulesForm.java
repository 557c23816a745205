// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

/**
 * How much a rules text contains. {@code ipvsadm -R} reads both forms.
 *
 * @since 0.1.0
 */
public enum RulesForm {
  /**
   * What {@code ipvsadm -S -n} prints, in its order: services and real servers without thresholds,
   * no time-outs, no sync daemons. It differs where {@code ipvsadm} could not read its own text
   * back: marks above 2^31 - 1 are written without a sign.
   */
  SAVED,

  /**
   * Everything that {@code ipvsadm -R} can bring about: also thresholds ({@code -x}, {@code -y}),
   * time-outs ({@code --set}) and sync daemons ({@code --start-daemon}), in the order of the
   * snapshot.
   */
  COMPLETE
}
