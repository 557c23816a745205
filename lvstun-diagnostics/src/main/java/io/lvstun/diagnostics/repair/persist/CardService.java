// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

import io.lvstun.host.ShellText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The service of systemd that tunes a card at each boot, once the card is there and the network is
 * up: many drivers ask for their interrupts only then.
 *
 * @since 0.1.0
 */
public final class CardService {

  private CardService() {}

  /**
   * Returns the name of a card's service.
   *
   * @return empty if the device's name cannot be in one
   */
  public static Optional<String> name(String device) {
    return device.matches("[A-Za-z0-9_.]+")
        ? Optional.of("lvstun-card-" + device + ".service")
        : Optional.empty();
  }

  /** Returns a command as one line that a shell reads. */
  public static String statement(List<String> command) {
    boolean script = command.size() == 3 && command.get(0).equals("sh");
    return script ? command.get(2) : ShellText.join(command);
  }

  static List<String> body(String device, List<String> statements) {
    // systemd escapes what is not a letter or digit in the name of a device's unit.
    String unit = "sys-subsystem-net-devices-" + device + ".device";
    List<String> lines =
        new ArrayList<>(
            List.of(
                "[Unit]",
                "Description=Queues and interrupts of " + device,
                "BindsTo=" + unit,
                "After=" + unit + " network.target",
                "",
                "[Service]",
                "Type=oneshot",
                "RemainAfterExit=yes"));
    for (String statement : statements) {
      lines.add("ExecStart=-/bin/sh -c \"" + escaped(statement) + "\"");
    }
    lines.addAll(List.of("", "[Install]", "WantedBy=multi-user.target"));
    return lines;
  }

  private static String escaped(String statement) {
    return statement
        .replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("$", "$$")
        .replace("%", "%%");
  }
}
