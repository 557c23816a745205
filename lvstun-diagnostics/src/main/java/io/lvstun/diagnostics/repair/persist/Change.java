// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

import io.lvstun.IpAddress;
import io.lvstun.host.ShellText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Something on a host that can be brought from one state to another, and back.
 *
 * <p>States are text: {@code up} and {@code down}, {@code present} and {@code absent}, a number, a
 * file's content. {@link #NONE} is the state of what cannot be there, as a setting of a device that
 * does not exist.
 *
 * @since 0.1.0
 */
public sealed interface Change {

  /** The state of what does not exist. */
  String NONE = "\u0000none";

  /** The state of what cannot be read. */
  String UNKNOWN = "unknown";

  String PRESENT = "present";
  String ABSENT = "absent";

  /**
   * Options of IPv6 addresses. The same address is on several hosts, so that duplicate address
   * detection would take it away; and it must not become the source of what the host itself sends.
   */
  List<String> IPV6_OPTIONS = List.of("nodad", "preferred_lft", "0");

  /** How the script reads the state: a kind and three arguments. */
  List<String> query();

  /**
   * The state to bring it to.
   *
   * @param current the state it is in
   * @throws ForeignFileException if it belongs to somebody else
   */
  String wanted(String current);

  /**
   * How the script brings it to a state.
   *
   * @param current the state it is in
   * @param target the state to bring it to
   */
  List<String> operation(String current, String target);

  /** The step for people. */
  String text();

  /**
   * The state that takes back what was done, when something else has happened since.
   *
   * @param before the state before it was done
   * @param after the state after it was done
   * @param current the state now, neither of them
   * @return null if what was done cannot be told from what happened since
   */
  default @org.jspecify.annotations.Nullable String merged(
      String before, String after, String current) {
    return null;
  }

  /** Whether what is the case cannot be read, so that undoing is running a command. */
  default boolean blind() {
    return false;
  }

  /** A kernel parameter. */
  record Sysctl(String path, String value) implements Change {
    /** The name with dots, or with slashes where a device's name has a dot. */
    public String name() {
      return path.indexOf('.') >= 0 ? path : path.replace('/', '.');
    }

    @Override
    public List<String> query() {
      return List.of("sysctl", path, "", "");
    }

    @Override
    public String wanted(String current) {
      return value;
    }

    @Override
    public List<String> operation(String current, String target) {
      return List.of("sysctl", path, target);
    }

    @Override
    public String text() {
      return "sysctl -w " + name() + "=" + value;
    }
  }

  /** A kernel module, to be loaded. */
  record Module(String name) implements Change {
    @Override
    public List<String> query() {
      return List.of("module", name, "", "");
    }

    @Override
    public String wanted(String current) {
      return "loaded";
    }

    @Override
    public List<String> operation(String current, String target) {
      return target.equals("loaded") ? List.of("run", "modprobe", name) : List.of("unload", name);
    }

    @Override
    public String text() {
      return "modprobe " + name;
    }
  }

  /** A network device, to be switched on. */
  record LinkUp(String device) implements Change {
    @Override
    public List<String> query() {
      return List.of("link", device, "", "");
    }

    @Override
    public String wanted(String current) {
      return "up";
    }

    @Override
    public List<String> operation(String current, String target) {
      return List.of("run", "ip", "link", "set", "dev", device, target);
    }

    @Override
    public String text() {
      return "ip link set dev " + device + " up";
    }
  }

  /** An address of a device, to be there or not. */
  record DeviceAddress(String device, String address, boolean add) implements Change {
    /** Makes the change of an address with its prefix length. */
    public static DeviceAddress of(
        String device, InetAddress address, int prefixLength, boolean add) {
      return new DeviceAddress(device, IpAddress.format(address) + "/" + prefixLength, add);
    }

    @Override
    public List<String> query() {
      return List.of("address", device, address, "");
    }

    @Override
    public String wanted(String current) {
      return add ? PRESENT : ABSENT;
    }

    private List<String> command(String target) {
      List<String> command = new ArrayList<>(List.of("ip", "address"));
      command.add(target.equals(PRESENT) ? "add" : "delete");
      command.addAll(List.of(address, "dev", device));
      if (target.equals(PRESENT) && address.indexOf(':') >= 0 && address.endsWith("/128")) {
        command.addAll(IPV6_OPTIONS);
      }
      return command;
    }

    @Override
    public List<String> operation(String current, String target) {
      List<String> operation = new ArrayList<>(List.of("run"));
      operation.addAll(command(target));
      return operation;
    }

    @Override
    public String text() {
      return String.join(" ", command(add ? PRESENT : ABSENT));
    }
  }

  /** What the fallback device for tunnels over IPv6 takes out of them: as it comes, only IPv6. */
  record TunnelMode(String device) implements Change {
    @Override
    public List<String> query() {
      return List.of("tunnel-mode", device, "", "");
    }

    @Override
    public String wanted(String current) {
      return "any/ipv6";
    }

    @Override
    public List<String> operation(String current, String target) {
      // What "show" writes and what "change" takes differ.
      String mode =
          switch (target) {
            case "any/ipv6" -> "any";
            case "ip/ipv6" -> "ip4ip6";
            default -> "ip6ip6";
          };
      return List.of("run", "ip", "-6", "tunnel", "change", device, "mode", mode);
    }

    @Override
    public String text() {
      return "ip -6 tunnel change " + device + " mode any";
    }
  }

  /** A port that takes packets out of GUE. */
  record GuePort(boolean six, int port) implements Change {
    private String family() {
      return six ? "-6" : "-4";
    }

    @Override
    public List<String> query() {
      return List.of("fou", family(), Integer.toString(port), "");
    }

    @Override
    public String wanted(String current) {
      return PRESENT;
    }

    @Override
    public List<String> operation(String current, String target) {
      return target.equals(PRESENT)
          ? List.of("run", "ip", family(), "fou", "add", "port", Integer.toString(port), "gue")
          : List.of("run", "ip", family(), "fou", "del", "port", Integer.toString(port));
    }

    @Override
    public String text() {
      return "ip " + family() + " fou add port " + port + " gue";
    }
  }

  /** The segment size that the default route makes connections announce. */
  record Clamp(boolean six, String before, int segmentSize) implements Change {
    @Override
    public List<String> query() {
      return List.of("default", six ? "-6" : "-4", "", "");
    }

    @Override
    public String wanted(String current) {
      String plain = current.strip().replaceAll(" advmss [0-9]+", "");
      return plain + " advmss " + segmentSize;
    }

    @Override
    public List<String> operation(String current, String target) {
      List<String> operation =
          new ArrayList<>(List.of("run", "ip", six ? "-6" : "-4", "route", "change"));
      operation.addAll(List.of(target.strip().split("\\s+")));
      return operation;
    }

    @Override
    public String text() {
      return "ip " + (six ? "-6" : "-4") + " route change " + wanted(before);
    }
  }

  /** A rule of nftables, known again by its comment. */
  record NftRule(List<String> command, String chain, String comment) implements Change {
    @Override
    public List<String> query() {
      return List.of("nft", chain, comment, "");
    }

    @Override
    public String wanted(String current) {
      return PRESENT;
    }

    @Override
    public List<String> operation(String current, String target) {
      if (target.equals(ABSENT)) {
        return List.of("nft-delete", chain, comment);
      }
      List<String> operation = new ArrayList<>(List.of("run"));
      operation.addAll(command);
      operation.addAll(List.of("comment", "\"" + comment + "\""));
      return operation;
    }

    @Override
    public String text() {
      return ShellText.join(command);
    }
  }

  /** A command, of which the one that takes it back may be known. */
  record Command(List<String> command, List<String> undo) implements Change {
    @Override
    public List<String> query() {
      return List.of("command", "", "", "");
    }

    @Override
    public String wanted(String current) {
      return "done";
    }

    @Override
    public List<String> operation(String current, String target) {
      List<String> operation = new ArrayList<>(List.of("run"));
      operation.addAll(target.equals("done") ? command : undo);
      return operation;
    }

    @Override
    public boolean blind() {
      return true;
    }

    @Override
    public String text() {
      return ShellText.join(command);
    }
  }

  /** A configuration file of ours, to hold statements. */
  record OwnFile(String path, FileFormat format, String subject, List<String> statements)
      implements Change {

    public OwnFile {
      statements = List.copyOf(statements);
    }

    /** Returns a copy at another path. */
    public OwnFile at(String otherPath) {
      return new OwnFile(otherPath, format, subject, statements);
    }

    @Override
    public List<String> query() {
      return List.of("file", path, "", "");
    }

    @Override
    public String wanted(String current) {
      if (current.equals(NONE)) {
        return format.render(subject, format.with(List.of(), statements));
      }
      List<String> present =
          format.parse(subject, current).orElseThrow(() -> new ForeignFileException(path));
      List<String> all = format.with(present, statements);
      return all.equals(present) ? current : format.render(subject, all);
    }

    @Override
    public List<String> operation(String current, String target) {
      String expected = current.equals(NONE) ? "none" : Hex.of(current);
      return target.equals(NONE)
          ? List.of("remove", path, expected)
          : List.of("write", path, expected, format.mode(), target);
    }

    @Override
    public @org.jspecify.annotations.Nullable String merged(
        String before, String after, String current) {
      if (current.equals(NONE)) {
        return null;
      }
      List<String> now = format.parse(subject, current).orElse(null);
      List<String> then = format.parse(subject, after).orElse(null);
      List<String> first =
          before.equals(NONE) ? List.of() : format.parse(subject, before).orElse(null);
      if (now == null || then == null || first == null) {
        return null;
      }
      return format
          .without(now, first, then)
          .map(left -> left.isEmpty() ? NONE : format.render(subject, left))
          .orElse(null);
    }

    @Override
    public String text() {
      return path + ": " + String.join("; ", statements);
    }
  }
}
