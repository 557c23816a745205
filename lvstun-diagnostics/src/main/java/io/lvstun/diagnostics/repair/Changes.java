// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import io.lvstun.diagnostics.model.Action;
import io.lvstun.diagnostics.repair.journal.JournalEntry;
import io.lvstun.diagnostics.repair.persist.Change;
import java.util.List;
import java.util.Optional;

/** What the steps of remedies change. */
final class Changes {

  private static final String NAME = "[A-Za-z0-9_.-]{1,64}";

  private Changes() {}

  /** The change of a step; empty if it is for people to do. */
  static Optional<Change> of(Action action) {
    if (action instanceof Action.LoadModule module) {
      return Optional.of(new Change.Module(module.module()));
    }
    if (action instanceof Action.SetSysctl sysctl) {
      return Optional.of(new Change.Sysctl(sysctl.path(), sysctl.value()));
    }
    if (action instanceof Action.SetLinkUp link) {
      return Optional.of(new Change.LinkUp(link.device()));
    }
    if (action instanceof Action.AddAddress address) {
      return Optional.of(
          Change.DeviceAddress.of(
              address.device(), address.address(), address.prefixLength(), true));
    }
    if (action instanceof Action.RemoveAddress address) {
      return Optional.of(
          Change.DeviceAddress.of(
              address.device(), address.address(), address.prefixLength(), false));
    }
    if (action instanceof Action.Run run) {
      return Optional.of(command(run.command(), run.undo()));
    }
    return Optional.empty();
  }

  /** Commands of which it can be told whether they were done are known by that. */
  private static Change command(List<String> command, List<String> undo) {
    if (command.size() == 2 && command.get(0).equals("modprobe")) {
      return new Change.Module(command.get(1));
    }
    Optional<Change.GuePort> gue = gue(command);
    if (gue.isPresent()) {
      return gue.get();
    }
    if (command.size() == 7
        && command.subList(0, 4).equals(List.of("ip", "-6", "tunnel", "change"))
        && command.subList(5, 7).equals(List.of("mode", "any"))) {
      return new Change.TunnelMode(command.get(4));
    }
    Optional<Change> rule = rule(command);
    if (rule.isPresent()) {
      return rule.get();
    }
    return new Change.Command(command, undo);
  }

  /** A rule of nftables: it can be told from others, and found again, if it has a comment. */
  private static Optional<Change> rule(List<String> command) {
    if (command.size() <= 6
        || !command.get(0).equals("nft")
        || !(command.get(1).equals("insert") || command.get(1).equals("add"))
        || !command.get(2).equals("rule")
        || !command.subList(3, 6).stream().allMatch(word -> word.matches(NAME))) {
      return Optional.empty();
    }
    List<String> plain = command;
    String name = "lvstun";
    int last = command.size() - 1;
    if (last > 6 && command.get(last - 1).equals("comment")) {
      plain = command.subList(0, last - 1);
      name = command.get(last).replaceAll("[^A-Za-z0-9_-]", "");
    } else if (command.contains("comment")) {
      return Optional.empty();
    }
    String digest = JournalEntry.digest(String.join("\n", plain)).substring(0, 12);
    return Optional.of(
        new Change.NftRule(
            List.copyOf(plain), String.join(" ", command.subList(3, 6)), name + "-" + digest));
  }

  private static Optional<Change.GuePort> gue(List<String> command) {
    int start = command.size() == 7 && command.get(1).matches("-[46]") ? 2 : 1;
    if (command.size() != start + 5
        || !command.get(0).equals("ip")
        || !command.subList(start, start + 3).equals(List.of("fou", "add", "port"))
        || !command.get(start + 3).matches("[0-9]{1,5}")
        || !command.get(start + 4).equals("gue")) {
      return Optional.empty();
    }
    return Optional.of(
        new Change.GuePort(command.get(1).equals("-6"), Integer.parseInt(command.get(start + 3))));
  }
}
