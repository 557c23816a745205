// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Opens a UDP port that decapsulates GUE.
 *
 * @param six whether for IPv6
 * @param port 1 to 65535
 * @since 0.1.0
 */
public record OpenGuePort(boolean six, int port) implements HostChange {

  /**
   * Checks the port.
   *
   * @throws IllegalArgumentException if it is not 1 to 65535
   */
  public OpenGuePort {
    Names.requirePort(port);
  }

  @Override
  public List<String> command() {
    return words(six ? List.of("ip", "-6") : List.of("ip"), "add", "gue");
  }

  @Override
  public List<String> undo() {
    return words(six ? List.of("ip", "-6") : List.of("ip"), "del");
  }

  private List<String> words(List<String> head, String verb, String... tail) {
    List<String> words = new ArrayList<>(head);
    words.addAll(List.of("fou", verb, "port", Integer.toString(port)));
    words.addAll(List.of(tail));
    return words;
  }

  private String family() {
    return six ? "-6" : "-4";
  }

  @Override
  public Risk risk() {
    return Risk.SAFE;
  }

  @Override
  public List<String> query() {
    return List.of("fou", family(), Integer.toString(port), "");
  }

  @Override
  public String wanted(String current) {
    Objects.requireNonNull(current, "current");
    return PRESENT;
  }

  @Override
  public List<String> operation(String current, String target) {
    Objects.requireNonNull(current, "current");
    List<String> head = List.of("run", "ip", family());
    return target.equals(PRESENT) ? words(head, "add", "gue") : words(head, "del");
  }
}
