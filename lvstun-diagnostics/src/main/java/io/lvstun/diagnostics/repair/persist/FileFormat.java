// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A kind of configuration file that this library writes as a whole. Its content is a list of
 * statements; a file is ours if it says so and is exactly what its statements make.
 *
 * <p>Files whose lines are the statements ({@code sysctl.d}, {@code modules-load.d}) hold them as
 * they are. The others hold them in comments, {@code #: address 192.0.2.1/32}, from which the rest
 * follows.
 *
 * @since 0.1.0
 */
public enum FileFormat {
  /** One setting a line; a later one of the same name replaces the earlier. */
  LINES("644") {
    @Override
    List<String> body(String subject, List<String> statements) {
      return statements;
    }
  },
  /** A network of systemd-networkd; the subject is the device. */
  NETWORKD("644") {
    @Override
    List<String> body(String device, List<String> statements) {
      List<String> lines =
          new ArrayList<>(
              List.of(
                  "[Match]",
                  "Name=" + device,
                  "",
                  "[Link]",
                  "RequiredForOnline=no",
                  "",
                  "[Network]",
                  "LinkLocalAddressing=no"));
      lines.addAll(networkdAddresses(statements));
      return lines;
    }
  },
  /** Addresses added to a network of systemd-networkd that is somebody else's. */
  NETWORKD_DROP_IN("644") {
    @Override
    List<String> body(String device, List<String> statements) {
      return networkdAddresses(statements);
    }
  },
  /**
   * A GUE port, beside systemd-networkd; the subject is the port. Its own way, a device of the kind
   * fou, ends with "Numerical result out of range" on kernels that refuse the inner protocol 0,
   * which it states for GUE (systemd 252).
   */
  NETWORKD_SERVICE("644") {
    @Override
    List<String> body(String port, List<String> statements) {
      return List.of("[Service]", "ExecStartPost=-+/sbin/ip fou add port " + port + " gue");
    }
  },
  /** A tunnel device of systemd-networkd that takes packets from anywhere. */
  NETWORKD_TUNNEL("644") {
    @Override
    List<String> body(String device, List<String> statements) {
      return List.of(
          "[NetDev]",
          "Name=" + device,
          "Kind=ipip",
          "",
          "[Tunnel]",
          "Independent=yes",
          "Local=any",
          "Remote=any",
          "External=yes");
    }
  },
  /** A stanza of ifupdown; the subject is the device. */
  IFUPDOWN("644") {
    @Override
    List<String> body(String device, List<String> statements) {
      List<String> lines = new ArrayList<>();
      if (statements.contains(NetworkStatement.OWN)) {
        lines.add("auto " + device);
      }
      lines.add("iface " + device + " inet manual");
      for (String command : NetworkStatement.commands(device, statements)) {
        lines.add("    up " + command + " || true");
      }
      for (String command : NetworkStatement.reverse(device, statements)) {
        lines.add("    down " + command + " || true");
      }
      return lines;
    }
  },
  /** A script that NetworkManager runs when it has configured a device. */
  NETWORK_MANAGER_DISPATCHER("755") {
    @Override
    List<String> body(String device, List<String> statements) {
      List<String> lines = new ArrayList<>();
      lines.add("case $2 in up | reapply | dhcp4-change | dhcp6-change) ;; *) exit 0 ;; esac");
      for (String command : NetworkStatement.commands(device, statements)) {
        lines.add(command + " || :");
      }
      return lines;
    }
  },
  /** Tells NetworkManager to leave a device alone. */
  NETWORK_MANAGER_UNMANAGED("644") {
    @Override
    List<String> body(String device, List<String> statements) {
      return List.of("[keyfile]", "unmanaged-devices+=interface-name:" + device);
    }
  },
  /** A device of the network scripts of Red Hat's systems. */
  IFCFG("644") {
    @Override
    List<String> body(String device, List<String> statements) {
      List<String> lines =
          new ArrayList<>(
              List.of("DEVICE=" + device, "BOOTPROTO=none", "ONBOOT=yes", "NM_CONTROLLED=no"));
      lines.add("ARPCHECK=no");
      int four = 0;
      List<String> six = new ArrayList<>();
      for (String address : NetworkStatement.addresses(statements)) {
        if (address.indexOf(':') >= 0) {
          six.add(address);
        } else {
          int slash = address.indexOf('/');
          lines.add("IPADDR" + four + "=" + address.substring(0, slash));
          lines.add("PREFIX" + four + "=" + address.substring(slash + 1));
          four++;
        }
      }
      if (!six.isEmpty()) {
        lines.add("IPV6INIT=yes");
        lines.add("IPV6ADDR=" + six.get(0));
        if (six.size() > 1) {
          lines.add("IPV6ADDR_SECONDARIES=\"" + String.join(" ", six.subList(1, six.size())) + '"');
        }
      }
      return lines;
    }
  },
  /** One more address of a card that is configured elsewhere, as an alias of it. */
  IFCFG_ALIAS("644") {
    @Override
    List<String> body(String alias, List<String> statements) {
      String address = NetworkStatement.addresses(statements).get(0);
      int slash = address.indexOf('/');
      return List.of(
          "DEVICE=" + alias,
          "ONPARENT=yes",
          "NM_CONTROLLED=no",
          "ARPCHECK=no",
          "IPADDR=" + address.substring(0, slash),
          "PREFIX=" + address.substring(slash + 1));
    }
  },
  /** A service of systemd that tunes a card; the statements are lines for a shell. */
  CARD_SERVICE("644") {
    @Override
    List<String> body(String device, List<String> statements) {
      return CardService.body(device, statements);
    }
  },
  /** Rules of nftables, to be included after those that they belong before. */
  NFTABLES("644") {
    @Override
    List<String> body(String subject, List<String> statements) {
      return statements;
    }
  };

  /** By this line a file is known to be ours. */
  public static final String HEADER =
      "# Written by lvstun-doctor, which changes and removes it; edit another file instead.";

  private static final String STATEMENT = "#: ";
  private static final String INTERPRETER = "#!/bin/sh";

  private final String mode;

  FileFormat(String mode) {
    this.mode = mode;
  }

  /** The permissions of such a file, in octal. */
  String mode() {
    return mode;
  }

  abstract List<String> body(String subject, List<String> statements);

  private boolean plain() {
    return this == LINES || this == NFTABLES;
  }

  /** The file that holds statements. */
  String render(String subject, List<String> statements) {
    List<String> lines = new ArrayList<>();
    if (this == NETWORK_MANAGER_DISPATCHER) {
      lines.add(INTERPRETER);
    }
    lines.add(HEADER);
    if (!plain()) {
      statements.forEach(statement -> lines.add(STATEMENT + statement));
    }
    lines.addAll(body(subject, statements));
    return String.join("\n", lines) + "\n";
  }

  /**
   * Reads the statements of a file.
   *
   * @return empty if the file is not ours, or somebody has edited it
   */
  Optional<List<String>> parse(String subject, String text) {
    List<String> statements = new ArrayList<>();
    boolean ours = false;
    for (String line : text.lines().toList()) {
      if (line.equals(HEADER)) {
        ours = true;
      } else if (plain() && !line.startsWith("#") && !line.isBlank()) {
        statements.add(line);
      } else if (!plain() && line.startsWith(STATEMENT)) {
        statements.add(line.substring(STATEMENT.length()));
      }
    }
    if (!ours || statements.isEmpty() || !render(subject, statements).equals(text)) {
      return Optional.empty();
    }
    return Optional.of(statements);
  }

  /** What is the same in two statements of which the later one replaces the earlier. */
  private static String key(String statement) {
    int equals = statement.indexOf('=');
    return equals > 0 ? statement.substring(0, equals).strip() : statement;
  }

  /** The statements after some were added. */
  List<String> with(List<String> present, List<String> added) {
    Map<String, String> all = new LinkedHashMap<>();
    present.forEach(statement -> all.put(key(statement), statement));
    added.forEach(statement -> all.put(key(statement), statement));
    return List.copyOf(all.values());
  }

  /**
   * The statements after what changed from one list to another is taken back; what changed
   * elsewhere since stays.
   *
   * @return empty if what was added is there no more, or was replaced
   */
  Optional<List<String>> without(List<String> present, List<String> before, List<String> after) {
    Map<String, String> all = new LinkedHashMap<>();
    present.forEach(statement -> all.put(key(statement), statement));
    Map<String, String> earlier = new LinkedHashMap<>();
    before.forEach(statement -> earlier.put(key(statement), statement));
    for (String statement : after) {
      String old = earlier.get(key(statement));
      if (statement.equals(old)) {
        continue;
      }
      if (!statement.equals(all.get(key(statement)))) {
        return Optional.empty();
      }
      if (old == null) {
        all.remove(key(statement));
      } else {
        all.put(key(statement), old);
      }
    }
    return Optional.of(List.copyOf(all.values()));
  }

  private static List<String> networkdAddresses(List<String> statements) {
    List<String> lines = new ArrayList<>();
    for (String address : NetworkStatement.addresses(statements)) {
      lines.addAll(List.of("", "[Address]", "Address=" + address));
      if (address.indexOf(':') >= 0) {
        lines.addAll(List.of("DuplicateAddressDetection=none", "PreferredLifetime=0"));
      }
    }
    return lines;
  }
}
