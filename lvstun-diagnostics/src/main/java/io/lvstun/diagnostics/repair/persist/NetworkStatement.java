// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

import io.lvstun.host.SetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a device is to be at each boot, as text that is kept in the comments of configuration files:
 *
 * <pre>
 * own                    the device is none of those that others configure
 * module ipip            load it first
 * create external        make the device, an ipip tunnel that takes packets from anywhere
 * mode any               what an ip6tnl device takes out of tunnels
 * gue 6080               open the port for GUE; gue6 for IPv6
 * up                     switch it on
 * address 192.0.2.1/32   give it the address
 * </pre>
 *
 * Nothing else is ever read from such comments, and nothing else gets into commands.
 *
 * @since 0.1.0
 */
public final class NetworkStatement {

  /** The device is ours. */
  public static final String OWN = "own";

  /** The device is up. */
  public static final String UP = "up";

  /** The device is created in external mode. */
  public static final String CREATE = "create external";

  /** The device takes every kind of tunnel. */
  public static final String MODE_ANY = "mode any";

  private static final Pattern ADDRESS = Pattern.compile("address [0-9a-f.:]{2,45}/[0-9]{1,3}");
  private static final Pattern MODULE = Pattern.compile("module [a-z0-9_]{1,32}");
  private static final Pattern GUE = Pattern.compile("gue6? [0-9]{1,5}");

  private NetworkStatement() {}

  /** The device has an address. */
  public static String address(String address) {
    return "address " + address;
  }

  /** A module is loaded before. */
  public static String module(String module) {
    return "module " + module;
  }

  /** A port receives GUE. */
  public static String gue(boolean six, int port) {
    return (six ? "gue6 " : "gue ") + port;
  }

  static List<String> addresses(List<String> statements) {
    List<String> addresses = new ArrayList<>();
    for (String statement : statements) {
      if (ADDRESS.matcher(statement).matches()) {
        addresses.add(statement.substring("address ".length()));
      }
    }
    return addresses;
  }

  /** The commands that do it, in the order they must have. */
  static List<String> commands(String device, List<String> statements) {
    List<String> commands = new ArrayList<>();
    for (String statement : statements) {
      if (MODULE.matcher(statement).matches()) {
        commands.add("modprobe " + statement.substring("module ".length()));
      }
    }
    if (statements.contains(CREATE)) {
      commands.add("ip link add " + device + " type ipip external");
    }
    if (statements.contains(MODE_ANY)) {
      commands.add("ip -6 tunnel change " + device + " mode any");
    }
    if (statements.contains(UP)) {
      commands.add("ip link set dev " + device + " up");
    }
    for (String statement : statements) {
      if (GUE.matcher(statement).matches()) {
        int blank = statement.indexOf(' ');
        String family = statement.startsWith("gue6") ? "ip -6" : "ip";
        commands.add(family + " fou add port " + statement.substring(blank + 1) + " gue");
      }
    }
    for (String address : addresses(statements)) {
      commands.add("ip address add " + address + " dev " + device + options(address));
    }
    return commands;
  }

  private static String options(String address) {
    return address.indexOf(':') >= 0 ? " " + String.join(" ", SetAddress.IPV6_OPTIONS) : "";
  }

  /** The commands that take it back when the device is switched off. */
  static List<String> reverse(String device, List<String> statements) {
    List<String> commands = new ArrayList<>();
    for (String address : addresses(statements)) {
      commands.add("ip address delete " + address + " dev " + device);
    }
    for (String statement : statements) {
      if (GUE.matcher(statement).matches()) {
        int blank = statement.indexOf(' ');
        String family = statement.startsWith("gue6") ? "ip -6" : "ip";
        commands.add(family + " fou del port " + statement.substring(blank + 1));
      }
    }
    if (statements.contains(UP) && statements.contains(OWN)) {
      commands.add("ip link set dev " + device + " down");
    }
    Collections.reverse(commands);
    return commands;
  }
}
