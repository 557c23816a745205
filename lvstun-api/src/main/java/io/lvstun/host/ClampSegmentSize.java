// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import io.lvstun.ForeignText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Sets the segment size that connections over the default route announce.
 *
 * @param six whether of the default route for IPv6
 * @param before the route as {@code ip route} shows it
 * @param segmentSize in bytes, above 0
 * @since 0.1.0
 */
public record ClampSegmentSize(boolean six, String before, int segmentSize) implements HostChange {

  /**
   * Checks the size and the route.
   *
   * @throws IllegalArgumentException if the size is not above 0, or the route not one line
   */
  public ClampSegmentSize {
    Objects.requireNonNull(before, "before");
    if (!isOneRoute(before)) {
      throw new IllegalArgumentException(
          "before must be one route, not " + ForeignText.printable(before));
    }
    if (segmentSize <= 0) {
      throw new IllegalArgumentException("segmentSize must be above 0, not " + segmentSize);
    }
  }

  @Override
  public List<String> command() {
    return words(List.of("ip", family(), "route", "change"), wanted(before));
  }

  private static boolean isOneRoute(String routes) {
    return !routes.isBlank() && routes.strip().lines().count() == 1;
  }

  private String family() {
    return six ? "-6" : "-4";
  }

  private static List<String> words(List<String> head, String route) {
    List<String> words = new ArrayList<>(head);
    words.addAll(List.of(route.strip().split("\\s+")));
    return words;
  }

  @Override
  public Risk risk() {
    return Risk.ADDRESS;
  }

  @Override
  public String text() {
    return "ip " + family() + " route change " + wanted(before);
  }

  @Override
  public List<String> query() {
    return List.of("default", family(), "", "");
  }

  @Override
  public String wanted(String current) {
    Objects.requireNonNull(current, "current");
    if (!isOneRoute(current)) {
      throw new IllegalStateException(
          "there is not exactly one default route: " + ForeignText.printable(current.strip()));
    }
    String plain = current.strip().replaceAll(" advmss [0-9]+", "");
    return plain + " advmss " + segmentSize;
  }

  @Override
  public List<String> operation(String current, String target) {
    Objects.requireNonNull(current, "current");
    Objects.requireNonNull(target, "target");
    return words(List.of("run", "ip", family(), "route", "change"), target);
  }
}
