// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The order in which ipvsadm prints. Its comparisons subtract 32-bit numbers and so are not
 * transitive: 10.0.0.1 comes after 192.168.1.1. The result therefore depends on the way of sorting,
 * which is the merge sort of the C library (glibc up to 2.36 and from 2.38 on; 2.37 too for tables
 * of this kind).
 */
final class ListingOrder {

  private ListingOrder() {}

  static <T> List<T> ofServices(List<T> services, Function<T, ServiceKey> key) {
    return sorted(services, (a, b) -> compare(key.apply(a), key.apply(b)));
  }

  static <T> List<T> ofServers(List<T> servers, Function<T, ServerKey> key) {
    return sorted(servers, (a, b) -> compare(key.apply(a), key.apply(b)));
  }

  /** Not a {@link java.util.Comparator}: it breaks that contract. */
  private interface Comparison<T> {
    int compare(T a, T b);
  }

  private static <T> List<T> sorted(List<T> elements, Comparison<T> comparison) {
    int size = elements.size();
    if (size < 2) {
      return elements;
    }
    List<T> first = sorted(elements.subList(0, size / 2), comparison);
    List<T> second = sorted(elements.subList(size / 2, size), comparison);
    List<T> merged = new ArrayList<>(size);
    int i = 0;
    int j = 0;
    while (i < first.size() && j < second.size()) {
      merged.add(
          comparison.compare(first.get(i), second.get(j)) <= 0 ? first.get(i++) : second.get(j++));
    }
    merged.addAll(first.subList(i, first.size()));
    merged.addAll(second.subList(j, second.size()));
    return merged;
  }

  private static int compare(ServiceKey a, ServiceKey b) {
    int difference = mark(a) - mark(b);
    if (difference == 0) {
      difference = a.family().number() - b.family().number();
    }
    if (difference == 0
        && a instanceof ServiceKey.Endpoint first
        && b instanceof ServiceKey.Endpoint second) {
      difference = first.protocol().number() - second.protocol().number();
      if (difference == 0) {
        difference = compare(first.address(), second.address());
      }
      if (difference == 0) {
        difference = first.port() - second.port();
      }
    }
    return difference;
  }

  private static int mark(ServiceKey key) {
    return key instanceof ServiceKey.Mark mark ? (int) mark.mark() : 0;
  }

  private static int compare(ServerKey a, ServerKey b) {
    int difference = compare(a.address(), b.address());
    return difference == 0 ? a.port() - b.port() : difference;
  }

  /** Compares as many 32-bit words as the first address has. */
  private static int compare(InetAddress a, InetAddress b) {
    int words = a instanceof Inet6Address ? 4 : 1;
    int difference = 0;
    for (int i = 0; i < words && difference == 0; i++) {
      difference = word(a, i) - word(b, i);
    }
    return difference;
  }

  private static int word(InetAddress address, int index) {
    byte[] bytes = address.getAddress();
    int start = 4 * index;
    return start >= bytes.length
        ? 0
        : (bytes[start] & 0xff) << 24
            | (bytes[start + 1] & 0xff) << 16
            | (bytes[start + 2] & 0xff) << 8
            | bytes[start + 3] & 0xff;
  }
}
