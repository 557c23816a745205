// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import io.lvstun.diagnostics.facts.section.Lines;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who and what a host is.
 *
 * @param uid user that the facts were collected as; 0 is root, -1 if not known
 * @param kernel the kernel's release, for example {@code 6.1.0-32-amd64}
 * @param machine the processor, for example {@code x86_64}
 * @param name the host's own name
 * @param networkNamespace identity of the network namespace, for example {@code net:[4026531840]}
 * @param initialNetworkNamespace whether that is the machine's first one; false if not known
 * @param jsonFromIp whether the host's {@code ip} writes JSON
 * @param tools the tools of interest that are installed
 * @since 0.1.0
 */
public record Identity(
    int uid,
    String kernel,
    String machine,
    String name,
    String networkNamespace,
    boolean initialNetworkNamespace,
    boolean jsonFromIp,
    Set<String> tools) {

  private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4}).*");

  /** Copies the set. */
  public Identity {
    tools = Set.copyOf(tools);
  }

  /** Reads what the host printed. */
  public static Identity parse(String text) {
    Map<String, String> properties = Lines.properties(text);
    Set<String> tools = new LinkedHashSet<>();
    for (String key : properties.keySet()) {
      if (key.startsWith("tool.")) {
        tools.add(key.substring("tool.".length()));
      }
    }
    String own = namespace(text, "self");
    String uid = properties.getOrDefault("uid", "");
    return new Identity(
        Lines.number(uid, 9) ? Integer.parseInt(uid) : -1,
        properties.getOrDefault("kernel", ""),
        properties.getOrDefault("machine", ""),
        properties.getOrDefault("hostname", ""),
        own,
        !own.isEmpty() && own.equals(namespace(text, "1")),
        "-j".equals(properties.get("json")),
        tools);
  }

  /** From the lines of {@code ls -l /proc/PID/ns/net}. */
  private static String namespace(String text, String process) {
    for (String line : Lines.of(text)) {
      int arrow = line.indexOf("/proc/" + process + "/ns/net -> ");
      if (arrow >= 0) {
        return line.substring(line.indexOf("-> ", arrow) + "-> ".length()).strip();
      }
    }
    return "";
  }

  /**
   * Tells whether the kernel is at least as new as a version. What a kernel has is better told by
   * its files than by its version: distributions carry features back.
   *
   * @param major for example 5
   * @param minor for example 2
   * @return true if it is; false if it is older, or the release cannot be read
   */
  public boolean kernelAtLeast(int major, int minor) {
    Matcher matcher = VERSION.matcher(kernel);
    if (!matcher.matches()) {
      return false;
    }
    int theirs = Integer.parseInt(matcher.group(1));
    return theirs > major || (theirs == major && Integer.parseInt(matcher.group(2)) >= minor);
  }

  /**
   * Tells whether the machine writes numbers with the most significant byte first.
   *
   * @return true for s390x, ppc64, MIPS and SPARC
   */
  public boolean bigEndian() {
    return Set.of("s390x", "ppc64", "ppc", "mips", "mips64", "sparc64", "aarch64_be")
        .contains(machine);
  }

  /**
   * Tells whether the host is a network namespace of a machine whose files are for another one.
   *
   * @return true if so
   */
  public boolean ownNamespace() {
    return !networkNamespace.isEmpty() && !initialNetworkNamespace;
  }
}
