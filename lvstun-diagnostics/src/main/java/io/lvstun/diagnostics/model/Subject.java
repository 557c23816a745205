// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.section.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a check looks at: one host, within its cluster. It also writes the check's finding down.
 *
 * @since 0.1.0
 */
public final class Subject {

  private final Check check;
  private final Cluster cluster;
  private final @Nullable Member member;
  private final Function<String, List<Finding>> earlier;

  /** Makes what a check looks at; the member is null for the cluster as a whole. */
  public Subject(Check check, Cluster cluster, @Nullable Member member) {
    this(check, cluster, member, code -> List.of());
  }

  /** The same, with what checks that ran earlier found, by code. */
  public Subject(
      Check check,
      Cluster cluster,
      @Nullable Member member,
      Function<String, List<Finding>> earlier) {
    this.earlier = earlier;
    this.check = check;
    this.cluster = cluster;
    this.member = member;
  }

  /**
   * Returns the host with its facts.
   *
   * @return the host
   * @throws IllegalStateException if the check is one of the cluster
   */
  public Member member() {
    if (member == null) {
      throw new IllegalStateException(check.code() + " looks at no single host");
    }
    return member;
  }

  /**
   * Returns the host's facts.
   *
   * @return the facts
   * @throws IllegalStateException if the check is one of the cluster
   */
  public HostFacts facts() {
    return member().facts();
  }

  /**
   * Returns all hosts, and what follows from their facts together.
   *
   * @return the cluster
   */
  public Cluster cluster() {
    return cluster;
  }

  /**
   * Returns those of some checks that may explain something: all but those that passed, or did not
   * apply, on a host, or everywhere if they do not look at that host.
   *
   * @param codes codes of checks
   * @param host the name of the host
   * @return the codes, in their order; those of checks that were not run are among them
   */
  public List<String> unsettled(Collection<String> codes, String host) {
    return codes.stream().distinct().filter(code -> !settled(code, host)).toList();
  }

  private boolean settled(String code, String host) {
    List<Finding> all = earlier.apply(code);
    List<Finding> own = all.stream().filter(finding -> finding.host().equals(host)).toList();
    List<Finding> relevant = own.isEmpty() ? all : own;
    return !relevant.isEmpty()
        && relevant.stream()
            .allMatch(
                finding ->
                    finding.status() == Status.PASS
                        || (finding.status() == Status.SKIP && finding.blockedBy().isEmpty()));
  }

  /**
   * Begins a finding that all is well.
   *
   * @param observed what is the case
   * @return a draft
   */
  public Draft pass(String observed) {
    return new Draft(Status.PASS, observed, false);
  }

  /**
   * Begins a finding that nothing is wrong, but that people should know something.
   *
   * @param observed what is the case
   * @return a draft
   */
  public Draft note(String observed) {
    return new Draft(Status.PASS, observed, true);
  }

  /**
   * Begins a finding that something does not work well.
   *
   * @param observed what is the case
   * @return a draft
   */
  public Draft warn(String observed) {
    return new Draft(Status.WARN, observed, false);
  }

  /**
   * Begins a finding that something is broken.
   *
   * @param observed what is the case
   * @return a draft
   */
  public Draft fail(String observed) {
    return new Draft(Status.FAIL, observed, false);
  }

  /**
   * Begins a finding that is as severe as the check: FAIL, WARN, or a note.
   *
   * @param observed what is the case
   * @return a draft
   */
  public Draft wrong(String observed) {
    return switch (check.severity()) {
      case FAIL -> fail(observed);
      case WARN -> warn(observed);
      case INFO -> note(observed);
    };
  }

  /**
   * Makes a finding that the check does not apply.
   *
   * @param reason why not
   * @return the finding
   */
  public Finding skip(String reason) {
    return new Draft(Status.SKIP, reason, false).finding();
  }

  /**
   * Makes a finding that the check could not look.
   *
   * @param reason why not
   * @return the finding
   */
  public Finding error(String reason) {
    return new Draft(Status.ERROR, reason, false).finding();
  }

  /** A finding in the making. Not thread-safe. */
  public final class Draft {

    private final Status status;
    private final String observed;
    private final boolean notable;
    private String expected = "";
    private final List<Evidence> evidence = new ArrayList<>();
    private @Nullable Remedy remedy;

    private Draft(Status status, String observed, boolean notable) {
      this.status = status;
      this.observed = observed;
      this.notable = notable;
    }

    /**
     * States what should be the case.
     *
     * @param expected a clause
     * @return this draft
     */
    public Draft expected(String expected) {
      this.expected = expected;
      return this;
    }

    /**
     * Adds what the finding rests on.
     *
     * @param source the file or command
     * @param excerpt what was read there
     * @return this draft
     */
    public Draft evidence(String source, String excerpt) {
      evidence.add(new Evidence(source, excerpt));
      return this;
    }

    /**
     * Adds the lines of a section that contain something.
     *
     * @param section the section's name
     * @param words what a line must contain, one of them
     * @return this draft; unchanged if the host has no such section
     */
    public Draft evidenceLines(String section, String... words) {
      if (member != null) {
        member.facts().section(section).ifPresent(found -> evidence.add(excerpt(found, words)));
      }
      return this;
    }

    /**
     * States how to put it right.
     *
     * @param remedy the remedy
     * @return this draft
     */
    public Draft remedy(Remedy remedy) {
      this.remedy = remedy;
      return this;
    }

    /**
     * Ends the draft.
     *
     * @return the finding
     */
    public Finding finding() {
      return new Finding(
          check,
          status,
          member == null ? Finding.CLUSTER : member.name(),
          observed,
          expected,
          evidence,
          Optional.ofNullable(remedy),
          List.of(),
          List.of(),
          false,
          notable,
          Duration.ZERO);
    }
  }

  private static Evidence excerpt(Section section, String... words) {
    StringBuilder excerpt = new StringBuilder();
    section
        .text()
        .lines()
        .filter(
            line -> {
              for (String word : words) {
                if (line.contains(word)) {
                  return true;
                }
              }
              return words.length == 0;
            })
        .limit(20)
        .forEach(line -> excerpt.append(line).append('\n'));
    return new Evidence(
        section.source().isEmpty() ? section.name() : section.source(),
        excerpt.toString().stripTrailing());
  }
}
