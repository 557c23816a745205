// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import io.lvstun.diagnostics.facts.section.Lines;
import io.lvstun.diagnostics.facts.section.UnknownFactException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Settings of the kernel, as under {@code /proc/sys}.
 *
 * <p>They are named by their path below it, {@code net/ipv4/conf/eth0.100/rp_filter}: with dots
 * between the parts, the dot of a VLAN's device could not be told from the others.
 *
 * @since 0.1.0
 */
public final class Sysctls {

  private static final String ROOT = "/proc/sys/";

  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,9}");

  private final Map<String, String> values;

  private Sysctls(Map<String, String> values) {
    this.values = values;
  }

  /** Reads what the host printed. */
  public static Sysctls parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : Lines.of(text)) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.startsWith(ROOT)) {
        values.putIfAbsent(line.substring(ROOT.length(), colon), line.substring(colon + 1).strip());
      }
    }
    return new Sysctls(values);
  }

  /**
   * Returns a setting.
   *
   * @param path for example {@code net/ipv4/ip_forward}
   * @return its value; empty if the kernel has none of that name, or it was not read
   */
  public Optional<String> value(String path) {
    return Optional.ofNullable(values.get(path));
  }

  /**
   * Returns a setting that is a number.
   *
   * @param path for example {@code net/ipv4/ip_forward}
   * @return its value; empty if there is none or it is no number
   */
  public OptionalInt number(String path) {
    String value = values.get(path);
    return value != null && NUMBER.matcher(value).matches()
        ? OptionalInt.of(Integer.parseInt(value))
        : OptionalInt.empty();
  }

  /**
   * Returns the value that the kernel uses for a device: the greater of {@code conf/all} and {@code
   * conf/DEVICE}. That is so for {@code rp_filter}, {@code arp_ignore}, {@code arp_announce} (see
   * {@code ip-sysctl.rst} and {@code IN_DEV_MAXCONF} in the kernel).
   *
   * @param name for example {@code rp_filter}
   * @param device for example {@code tunl0}
   * @return the greater value
   * @throws UnknownFactException if one of them was not read
   */
  public int effective(String name, String device) {
    return Math.max(required(conf("all", name)), required(conf(device, name)));
  }

  /**
   * Returns a setting that every kernel has.
   *
   * @param path for example {@code net/ipv4/ip_forward}
   * @return its value
   * @throws UnknownFactException if it was not read
   */
  public int required(String path) {
    return number(path)
        .orElseThrow(() -> new UnknownFactException(ROOT + path + " could not be read"));
  }

  /**
   * Returns the path of a device's IPv4 setting.
   *
   * @param device for example {@code tunl0}, {@code all}, {@code default}
   * @param name for example {@code rp_filter}
   * @return for example {@code net/ipv4/conf/tunl0/rp_filter}
   */
  public static String conf(String device, String name) {
    return "net/ipv4/conf/" + device + "/" + name;
  }

  /**
   * Returns the settings below a path.
   *
   * @param prefix for example {@code net/ipv4/vs/}
   * @return path to value
   */
  public Map<String, String> below(String prefix) {
    Map<String, String> found = new LinkedHashMap<>();
    values.forEach(
        (path, value) -> {
          if (path.startsWith(prefix)) {
            found.put(path, value);
          }
        });
    return Collections.unmodifiableMap(found);
  }

  /**
   * Returns the names that {@code net/ipv4/conf} has: devices, {@code all}, {@code default}.
   *
   * @return the names
   */
  public List<String> devices() {
    List<String> devices = new ArrayList<>();
    for (String path : values.keySet()) {
      if (path.startsWith("net/ipv4/conf/") && path.endsWith("/rp_filter")) {
        devices.add(
            path.substring("net/ipv4/conf/".length(), path.length() - "/rp_filter".length()));
      }
    }
    return List.copyOf(devices);
  }
}
