// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

import io.lvstun.diagnostics.facts.HostFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The files that make devices come up with their addresses at boot, in the manner of whoever
 * configures the host's network. Only files of our own are written, beside those that are there.
 *
 * @since 0.1.0
 */
public final class NetworkFiles {

  private static final String NETWORKD = "/etc/systemd/network/";
  private static final String NETWORKD_SERVICE = "/etc/systemd/system/systemd-networkd.service.d/";
  private static final String SCRIPTS = "/etc/sysconfig/network-scripts/";

  /** In front of most, so that a network for all devices does not take ours. */
  private static final String FIRST = "05-lvstun-";

  private static final Pattern SOURCE =
      Pattern.compile("(?m)^\\s*source(-directory)?\\s+\\S*interfaces\\.d");

  private final HostFacts facts;
  private final NetworkDetection detection;

  /** Detects whose files configure the network of the host. */
  public NetworkFiles(HostFacts facts, Optional<NetworkConfiguration> stated) {
    this.facts = facts;
    this.detection =
        stated
            .map(one -> new NetworkDetection(Optional.of(one), ""))
            .orElseGet(() -> detect(facts));
  }

  private static NetworkDetection detect(HostFacts facts) {
    return NetworkDetection.of(facts);
  }

  /**
   * What to write.
   *
   * @param files the files
   * @param manual what people have to do instead; empty if nothing
   */
  public record Lasting(List<OwnFile> files, String manual) {
    static Lasting manual(String text) {
      return new Lasting(List.of(), text);
    }
  }

  /** Whether the device is one that only this library and the kernel configure. */
  public static boolean own(String device) {
    return device.matches("(tunl0|sit0|ip6tnl0|gre0|ip6gre0|lvstun[0-9]{0,4})");
  }

  /** The files that make a device be so at each boot. */
  public Lasting device(String device, List<String> statements) {
    if (detection.configuration().isEmpty()) {
      return Lasting.manual(
          detection.reason()
              + "; see to it that this is done at boot: "
              + commands(device, statements));
    }
    return switch (detection.configuration().get()) {
      case NETWORKD -> networkd(device, statements);
      case NETWORK_MANAGER -> networkManager(device, statements);
      case IFUPDOWN -> ifupdown(device, statements);
      case IFCFG -> ifcfg(device, statements);
    };
  }

  private static String commands(String device, List<String> statements) {
    return String.join(" && ", NetworkStatement.commands(device, statements));
  }

  private Map<String, String> configuration() {
    return facts.configuration().known().orElse(Map.of());
  }

  // ---- systemd-networkd ----

  private Lasting networkd(String device, List<String> statements) {
    List<OwnFile> files = new ArrayList<>();
    List<String> rest = new ArrayList<>();
    for (String statement : statements) {
      if (statement.startsWith("gue ")) {
        String port = statement.substring(4);
        files.add(
            new OwnFile(
                NETWORKD_SERVICE + "lvstun-gue" + port + ".conf",
                FileFormat.NETWORKD_SERVICE,
                port,
                List.of(statement)));
      } else if (statement.startsWith("gue6 ") || statement.equals(NetworkStatement.MODE_ANY)) {
        return Lasting.manual(
            "systemd-networkd cannot do this; see to it that it is done at boot: "
                + commands(device, statements));
      } else if (statement.equals(NetworkStatement.CREATE)) {
        files.add(
            new OwnFile(
                NETWORKD + FIRST + device + ".netdev",
                FileFormat.NETWORKD_TUNNEL,
                device,
                List.of(statement)));
      } else if (statement.startsWith("address ")
          || statement.equals(NetworkStatement.UP)
          || statement.equals(NetworkStatement.OWN)) {
        rest.add(statement);
      }
    }
    if (rest.isEmpty()) {
      return new Lasting(files, "");
    }
    String file = FIRST + device + ".network";
    Optional<String> theirs = network(device, file);
    if (theirs.isPresent()) {
      List<String> addresses =
          rest.stream().filter(statement -> statement.startsWith("address ")).toList();
      if (!addresses.isEmpty()) {
        files.add(
            new OwnFile(
                NETWORKD + theirs.get() + ".d/90-lvstun.conf",
                FileFormat.NETWORKD_DROP_IN,
                device,
                addresses));
      }
      return new Lasting(files, "");
    }
    if (!own(device) && !device.equals("lo")) {
      return Lasting.manual(
          "no file in /etc/systemd/network names "
              + device
              + "; see to it that this is done at boot: "
              + commands(device, statements));
    }
    files.add(new OwnFile(NETWORKD + file, FileFormat.NETWORKD, device, rest));
    return new Lasting(files, "");
  }

  /** The file of somebody else that systemd-networkd would take for the device instead of ours. */
  private Optional<String> network(String device, String ours) {
    Map<String, String> byName = new TreeMap<>();
    configuration()
        .forEach(
            (path, text) -> {
              if (path.endsWith(".network") && !text.contains(FileFormat.HEADER)) {
                byName.putIfAbsent(path.substring(path.lastIndexOf('/') + 1), text);
              }
            });
    for (Map.Entry<String, String> file : byName.entrySet()) {
      if (matches(file.getValue(), device) && (!own(device) || file.getKey().compareTo(ours) < 0)) {
        return Optional.of(file.getKey());
      }
    }
    return Optional.empty();
  }

  /** Whether the names in [Match] fit; other conditions cannot be judged and count as unfit. */
  private static boolean matches(String text, String device) {
    boolean match = false;
    boolean named = false;
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.startsWith("[")) {
        match = line.equals("[Match]");
      } else if (match && line.startsWith("Name=")) {
        for (String glob : line.substring("Name=".length()).strip().split("\\s+")) {
          named |= !glob.startsWith("!") && glob(glob).matcher(device).matches();
        }
      }
    }
    return named;
  }

  private static Pattern glob(String glob) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      pattern.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(pattern.toString());
  }

  // ---- NetworkManager ----

  private static Lasting networkManager(String device, List<String> statements) {
    List<OwnFile> files = new ArrayList<>();
    // NetworkManager cannot say what the kernel's fallback devices need, but it runs scripts.
    files.add(
        new OwnFile(
            "/etc/NetworkManager/dispatcher.d/50-lvstun-" + device,
            FileFormat.NETWORK_MANAGER_DISPATCHER,
            device,
            statements));
    if (own(device)) {
      files.add(
          new OwnFile(
              "/etc/NetworkManager/conf.d/90-lvstun-" + device + ".conf",
              FileFormat.NETWORK_MANAGER_UNMANAGED,
              device,
              List.of(NetworkStatement.OWN)));
    }
    return new Lasting(files, "");
  }

  // ---- ifupdown ----

  private Lasting ifupdown(String device, List<String> statements) {
    String interfaces = configuration().getOrDefault("/etc/network/interfaces", "");
    if (!SOURCE.matcher(interfaces).find()) {
      return Lasting.manual(
          "/etc/network/interfaces does not read interfaces.d; add to it, or see to it that this is"
              + " done at boot: "
              + commands(device, statements));
    }
    if (!own(device) && alpine()) {
      return Lasting.manual(
          "ifupdown of Alpine takes one stanza a device; add to that of "
              + device
              + ": up "
              + commands(device, statements));
    }
    String name = "lvstun-" + device.replaceAll("[^A-Za-z0-9_-]", "_");
    return new Lasting(
        List.of(
            new OwnFile(
                "/etc/network/interfaces.d/" + name, FileFormat.IFUPDOWN, device, statements)),
        "");
  }

  private boolean alpine() {
    return facts.text("files").known().orElse("").contains("/etc/alpine-release:");
  }

  // ---- network-scripts ----

  private static Lasting ifcfg(String device, List<String> statements) {
    for (String statement : statements) {
      if (statement.startsWith("gue")
          || statement.equals(NetworkStatement.CREATE)
          || statement.equals(NetworkStatement.MODE_ANY)) {
        return Lasting.manual(
            "network-scripts cannot do this; see to it that it is done at boot: "
                + commands(device, statements));
      }
    }
    if (own(device)) {
      return new Lasting(
          List.of(new OwnFile(SCRIPTS + "ifcfg-" + device, FileFormat.IFCFG, device, statements)),
          "");
    }
    Map<String, OwnFile> aliases = new LinkedHashMap<>();
    for (String address : NetworkStatement.addresses(statements)) {
      String alias = device + ":" + number(address);
      if (alias.length() > 15 || address.indexOf(':') >= 0) {
        return Lasting.manual(
            "network-scripts have no alias for it; see to it that this is done at boot: "
                + commands(device, statements));
      }
      aliases.put(
          alias,
          new OwnFile(
              SCRIPTS + "ifcfg-" + alias,
              FileFormat.IFCFG_ALIAS,
              alias,
              List.of(NetworkStatement.address(address))));
    }
    return new Lasting(List.copyOf(aliases.values()), "");
  }

  /** A number for an alias that is always the same for an address. */
  private static String number(String address) {
    CRC32 checksum = new CRC32();
    checksum.update(address.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    return String.format(Locale.ROOT, "%04d", checksum.getValue() % 10000);
  }
}
