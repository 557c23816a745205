// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import io.lvstun.diagnostics.facts.section.Lines;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the host's configuration files will set at the next boot: kernel parameters and modules, as
 * {@code systemd-sysctl} and {@code systemd-modules-load} and their likes read them; and whether a
 * file of the network's configuration names an address.
 *
 * @since 0.1.0
 */
public final class PersistentSettings {

  /** Directories, of which an earlier one hides a file of the same name in a later one. */
  private static final List<String> DIRECTORIES =
      List.of("/etc/", "/run/", "/usr/local/lib/", "/usr/lib/", "/lib/");

  /**
   * What a file says of a kernel parameter.
   *
   * @param value the value
   * @param file where it stands
   * @since 0.1.0
   */
  public record Setting(String value, String file) {}

  private record Line(Pattern name, boolean glob, String value, String file) {}

  private final Map<String, String> files;
  private final List<Line> sysctls;

  private PersistentSettings(Map<String, String> files, List<Line> sysctls) {
    this.files = files;
    this.sysctls = sysctls;
  }

  /** Reads configuration files, by path. */
  public static PersistentSettings of(Map<String, String> files) {
    // By name, whatever the directory; /etc/sysctl.conf comes last, as 99-sysctl.conf does.
    Map<String, String> chosen = new TreeMap<>();
    files.keySet().stream()
        .filter(path -> path.contains("/sysctl.d/"))
        .sorted(Comparator.comparingInt(PersistentSettings::rank))
        .forEach(path -> chosen.putIfAbsent(path.substring(path.lastIndexOf('/') + 1), path));
    List<String> order = new ArrayList<>(chosen.values());
    if (files.containsKey("/etc/sysctl.conf")) {
      order.add("/etc/sysctl.conf");
    }
    List<Line> lines = new ArrayList<>();
    for (String path : order) {
      for (String line : Lines.of(files.getOrDefault(path, ""))) {
        String text = line.strip();
        int equals = text.indexOf('=');
        if (equals > 0 && !text.startsWith("#") && !text.startsWith(";")) {
          String name = text.substring(0, equals).strip();
          name = name.startsWith("-") ? name.substring(1) : name;
          lines.add(
              new Line(
                  pattern(slashes(name)),
                  name.contains("*"),
                  text.substring(equals + 1).strip(),
                  path));
        }
      }
    }
    return new PersistentSettings(files, lines);
  }

  private static int rank(String path) {
    for (int i = 0; i < DIRECTORIES.size(); i++) {
      if (path.startsWith(DIRECTORIES.get(i) + "sysctl.d/")) {
        return i;
      }
    }
    return DIRECTORIES.size();
  }

  /** The first separator tells which kind the name is written with. */
  private static String slashes(String name) {
    int dot = name.indexOf('.');
    int slash = name.indexOf('/');
    if (dot < 0 || (slash >= 0 && slash < dot)) {
      return name;
    }
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      path.append(c == '.' ? '/' : c == '/' ? '.' : c);
    }
    return path.toString();
  }

  private static Pattern pattern(String path) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      regex.append(c == '*' ? "[^/]*" : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(regex.toString());
  }

  /**
   * Returns what the files set a kernel parameter to.
   *
   * @param path for example {@code net/ipv4/conf/tunl0/rp_filter}
   * @return the setting that counts: the last one that names it, or else the last that matches with
   *     an asterisk, which never applies to {@code all} and {@code default}; empty if there is none
   */
  public Optional<Setting> sysctl(String path) {
    Optional<Setting> found = Optional.empty();
    boolean exact = false;
    boolean general = path.contains("/conf/all/") || path.contains("/conf/default/");
    for (Line line : sysctls) {
      if ((line.glob() && (exact || general)) || !line.name().matcher(path).matches()) {
        continue;
      }
      exact |= !line.glob();
      found = Optional.of(new Setting(line.value(), line.file()));
    }
    return found;
  }

  /**
   * Returns the number that the files set a kernel parameter to.
   *
   * @param path for example {@code net/ipv4/ip_forward}
   * @return empty if no file sets it, or not to a number
   */
  public OptionalInt number(String path) {
    Optional<Setting> setting = sysctl(path);
    return setting.isPresent() && Lines.number(setting.get().value(), 9)
        ? OptionalInt.of(Integer.parseInt(setting.get().value()))
        : OptionalInt.empty();
  }

  /**
   * Returns the value that the kernel will use for a device after the next boot: the greater of
   * that for all devices and that of the device, which begins with the value of {@code default}.
   *
   * @param name for example {@code rp_filter}
   * @param device for example {@code tunl0}
   * @return the value; 0 if no file says anything, as that is the kernel's own
   */
  public int effective(String name, String device) {
    int all = number(Sysctls.conf("all", name)).orElse(0);
    int beginning = number(Sysctls.conf("default", name)).orElse(0);
    return Math.max(all, number(Sysctls.conf(device, name)).orElse(beginning));
  }

  /**
   * Tells whether a module is loaded at boot because a file says so.
   *
   * @param module its name, with underscores
   * @return the file
   */
  public Optional<String> module(String module) {
    return files.entrySet().stream()
        .filter(
            file ->
                file.getKey().equals("/etc/modules") || file.getKey().contains("/modules-load.d/"))
        .filter(
            file ->
                Lines.of(file.getValue()).stream()
                    .map(line -> line.strip().replace('-', '_'))
                    .anyMatch(line -> line.equals(module) || line.startsWith(module + " ")))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /**
   * Returns a file of the network's configuration, of keepalived's, or a start script, that has a
   * word in it, outside of comments.
   *
   * @param word for example {@code tunl0}
   * @return the file
   */
  public Optional<String> networkFile(String word) {
    Pattern whole = Pattern.compile("(?<![\\w.:])" + Pattern.quote(word) + "(?![\\w.:])");
    return files.entrySet().stream()
        .filter(file -> networking(file.getKey()))
        .filter(
            file ->
                Lines.of(file.getValue()).stream()
                    .filter(line -> !line.strip().startsWith("#") && !line.strip().startsWith("!"))
                    .anyMatch(line -> whole.matcher(line).find()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /**
   * Returns a file of the network's configuration that names an address.
   *
   * @param address the address
   * @return the file
   */
  public Optional<String> networkFile(InetAddress address) {
    return networkFile(io.lvstun.IpAddress.format(address));
  }

  private static boolean networking(String path) {
    return path.startsWith("/etc/network/")
        || path.contains("/systemd/network/")
        || path.startsWith("/etc/sysconfig/network-scripts/")
        || path.startsWith("/etc/NetworkManager/")
        || path.startsWith("/etc/netplan/")
        || path.startsWith("/etc/keepalived/")
        || path.startsWith("/etc/local.d/")
        || path.endsWith("/rc.local");
  }
}
