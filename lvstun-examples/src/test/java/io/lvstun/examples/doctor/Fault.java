// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import io.lvstun.diagnostics.model.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One thing that is broken on purpose, and what is to be said of it. It is put together word by
 * word, and left alone then.
 */
final class Fault {

  /** A command on a host, for its shell. */
  record Step(String host, String command) {}

  /** A finding that must be there. */
  record Expected(String code, String host, Status status) {
    @Override
    public String toString() {
      return status + " " + code + " " + host;
    }
  }

  private final String name;
  private final List<Step> before = new ArrayList<>();
  private final List<Step> inject = new ArrayList<>();
  private final List<Step> undo = new ArrayList<>();
  private final List<Step> forget = new ArrayList<>();
  private final List<Expected> expected = new ArrayList<>();
  private final List<String> also = new ArrayList<>();
  private final List<Expected> probed = new ArrayList<>();
  private Service service = Service.IPIP;
  private Optional<Traffic> traffic = Optional.empty();
  private List<String> examined = List.of("director", "rs1", "rs2");
  private List<String> repaired = List.of("director", "rs1");
  private boolean harm = true;
  private boolean likeAnother;

  private Fault(String name) {
    this.name = name;
  }

  static Fault of(String name) {
    return new Fault(name);
  }

  /** The service that it is about. */
  Fault with(Service wanted) {
    service = wanted;
    return this;
  }

  /** A command that makes the state in which the fault matters, which is no fault itself. */
  Fault before(String host, String command) {
    before.add(new Step(host, command));
    return this;
  }

  /** A command that breaks it. */
  Fault inject(String host, String command) {
    inject.add(new Step(host, command));
    return this;
  }

  /** A command that makes it whole again; those of {@code before} are to be undone as well. */
  Fault undo(String host, String command) {
    undo.add(new Step(host, command));
    return this;
  }

  /** A command without which a host would remember how things were before. */
  Fault forget(String host, String command) {
    forget.add(new Step(host, command));
    return this;
  }

  /** What the doctor must find; the first root cause of all is one of these. */
  Fault fails(String code, String host) {
    expected.add(new Expected(code, host, Status.FAIL));
    return this;
  }

  /** What the doctor must find. */
  Fault warns(String code, String host) {
    expected.add(new Expected(code, host, Status.WARN));
    return this;
  }

  /** A probe that fails because of it. Without one no probes are sent. */
  Fault probed(String code, String host) {
    probed.add(new Expected(code, host, Status.FAIL));
    return this;
  }

  /** Codes that may be wrong as well, because they follow from it. */
  Fault also(String... codes) {
    also.addAll(List.of(codes));
    return this;
  }

  /** What tells whether clients are served. */
  Fault seenBy(Traffic wanted) {
    traffic = Optional.of(wanted);
    return this;
  }

  /** Clients are served all the same. */
  Fault harmless() {
    harm = false;
    return this;
  }

  /** Another one is repaired by a step of the same kind: this one need not be in each build. */
  Fault likeAnother() {
    likeAnother = true;
    return this;
  }

  /** All real servers are broken, not the first one alone. */
  Fault onAll() {
    repaired = examined;
    return this;
  }

  /** It shows to clients of the same segment, and is repaired there as well. */
  Fault seenByNeighbours() {
    examined = List.of("director", "rs1", "rs2", "client");
    repaired = List.of("director", "rs1", "client");
    return this;
  }

  /** Both at once. */
  Fault and(Fault other) {
    Fault both = new Fault(name + ", and " + other.name);
    both.service = service;
    both.traffic = traffic;
    both.before.addAll(plus(before, other.before));
    both.inject.addAll(plus(inject, other.inject));
    both.undo.addAll(plus(other.undo, undo));
    both.forget.addAll(plus(forget, other.forget));
    both.expected.addAll(plus(expected, other.expected));
    both.also.addAll(plus(also, other.also));
    both.likeAnother = true;
    return both;
  }

  private static <T> List<T> plus(List<T> list, List<T> added) {
    return Stream.concat(list.stream(), added.stream()).toList();
  }

  Service service() {
    return service;
  }

  List<Step> before() {
    return before;
  }

  List<Step> inject() {
    return inject;
  }

  List<Step> undo() {
    return undo;
  }

  List<Step> forget() {
    return forget;
  }

  List<Expected> expected() {
    return expected;
  }

  List<Expected> probed() {
    return probed;
  }

  Traffic traffic() {
    return traffic.orElse(service.ipv6() ? Traffic.REQUESTS6 : Traffic.REQUESTS);
  }

  List<String> examined() {
    return examined;
  }

  /** The hosts that a repair has to do with. */
  List<String> repaired() {
    return repaired;
  }

  boolean isLikeAnother() {
    return likeAnother;
  }

  boolean harm() {
    return harm;
  }

  /** The codes that must or may be wrong. */
  TreeSet<String> codes() {
    TreeSet<String> codes = new TreeSet<>(also);
    expected.forEach(one -> codes.add(one.code()));
    return codes;
  }

  @Override
  public String toString() {
    return service == Service.IPIP ? name : name + " (" + service + ")";
  }
}
