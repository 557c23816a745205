// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** The last decisions, in their order. Thread-safe. */
final class History {

  private final int size;
  private final Deque<Decision> decisions = new ArrayDeque<>();

  History(int size) {
    this.size = size;
  }

  synchronized void add(Decision decision) {
    if (decisions.size() == size) {
      decisions.removeFirst();
    }
    decisions.addLast(decision);
  }

  synchronized List<Decision> select(Predicate<Decision> wanted) {
    return decisions.stream().filter(wanted).toList();
  }
}
