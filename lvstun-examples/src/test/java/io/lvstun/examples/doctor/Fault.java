// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import io.lvstun.diagnostics.Status;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing that is broken on purpose.
 *
 * @param name what it is, for people
 * @param service which service it is about
 * @param before commands that make the state in which the fault matters, which is no fault itself
 * @param inject commands that break it
 * @param undo commands that make it whole again, those of {@code before} included
 * @param expected what the doctor must find; the first of these is a root cause, the first of all
 * @param also codes that may be wrong as well, because they follow from it
 * @param traffic what tells whether clients are served
 * @param harm whether they are not, while it is broken
 */
record Fault(
    String name,
    Service service,
    List<Step> before,
    List<Step> inject,
    List<Step> undo,
    List<Expected> expected,
    List<String> also,
    Traffic traffic,
    boolean harm) {

  /** A command on a host, for its shell. */
  record Step(String host, String command) {}

  /** A finding that must be there. */
  record Expected(String code, String host, Status status) {
    @Override
    public String toString() {
      return status + " " + code + " " + host;
    }
  }

  static Fault of(String name) {
    return new Fault(
        name,
        Service.IPIP,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Traffic.REQUESTS,
        true);
  }

  Fault with(Service wanted) {
    return new Fault(
        name,
        wanted,
        before,
        inject,
        undo,
        expected,
        also,
        wanted.ipv6() ? Traffic.REQUESTS6 : traffic,
        harm);
  }

  Fault before(String host, String command) {
    return new Fault(
        name,
        service,
        plus(before, new Step(host, command)),
        inject,
        undo,
        expected,
        also,
        traffic,
        harm);
  }

  Fault inject(String host, String command) {
    return new Fault(
        name,
        service,
        before,
        plus(inject, new Step(host, command)),
        undo,
        expected,
        also,
        traffic,
        harm);
  }

  Fault undo(String host, String command) {
    return new Fault(
        name,
        service,
        before,
        inject,
        plus(undo, new Step(host, command)),
        expected,
        also,
        traffic,
        harm);
  }

  Fault fails(String code, String host) {
    return expect(code, host, Status.FAIL);
  }

  Fault warns(String code, String host) {
    return expect(code, host, Status.WARN);
  }

  private Fault expect(String code, String host, Status status) {
    return new Fault(
        name,
        service,
        before,
        inject,
        undo,
        plus(expected, new Expected(code, host, status)),
        also,
        traffic,
        harm);
  }

  /** Codes that may be wrong too. */
  Fault also(String... codes) {
    List<String> more = new ArrayList<>(also);
    more.addAll(List.of(codes));
    return new Fault(
        name, service, before, inject, undo, expected, List.copyOf(more), traffic, harm);
  }

  Fault seenBy(Traffic wanted) {
    return new Fault(name, service, before, inject, undo, expected, also, wanted, harm);
  }

  /** Clients are served all the same. */
  Fault harmless() {
    return new Fault(name, service, before, inject, undo, expected, also, traffic, false);
  }

  /** Both at once. */
  Fault and(Fault other) {
    return new Fault(
        name + ", and " + other.name,
        service,
        plus(before, other.before),
        plus(inject, other.inject),
        plus(other.undo, undo),
        plus(expected, other.expected),
        plus(also, other.also),
        traffic,
        true);
  }

  private static <T> List<T> plus(List<T> list, T added) {
    return plus(list, List.of(added));
  }

  private static <T> List<T> plus(List<T> list, List<T> added) {
    List<T> all = new ArrayList<>(list);
    all.addAll(added);
    return List.copyOf(all);
  }

  @Override
  public String toString() {
    return name;
  }
}
