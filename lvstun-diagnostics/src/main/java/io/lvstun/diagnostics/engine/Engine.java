// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.engine;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.facts.section.UnknownFactException;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.diagnostics.model.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs checks over facts: in the order that they build on one another, skipping what builds on
 * something broken, and telling causes from what follows of them.
 *
 * @since 0.1.0
 */
public final class Engine {

  private static final System.Logger LOG = System.getLogger(Engine.class.getName());

  private final Map<String, Check> checks;

  private Engine(Map<String, Check> checks) {
    this.checks = checks;
  }

  /**
   * Takes checks.
   *
   * @throws IllegalArgumentException if two have the same code or slug, one builds on a check that
   *     is not there, or checks build on one another in a circle
   */
  public static Engine of(Collection<Check> all) {
    Map<String, Check> byCode = new LinkedHashMap<>();
    Set<String> slugs = new LinkedHashSet<>();
    for (Check check : all) {
      if (byCode.put(check.code(), check) != null) {
        throw new IllegalArgumentException("two checks have the code " + check.code());
      }
      if (!slugs.add(check.slug())) {
        throw new IllegalArgumentException("two checks have the slug " + check.slug());
      }
    }
    Map<String, Check> ordered = new LinkedHashMap<>();
    for (Check check : byCode.values()) {
      visit(check, byCode, ordered, new LinkedHashSet<>());
    }
    for (Check check : byCode.values()) {
      for (String cause : check.symptomOf()) {
        if (!byCode.containsKey(cause)) {
          throw new IllegalArgumentException(
              check.code() + " is a symptom of " + cause + ", which does not exist");
        }
      }
    }
    return new Engine(ordered);
  }

  private static void visit(
      Check check, Map<String, Check> all, Map<String, Check> ordered, Set<String> path) {
    if (ordered.containsKey(check.code())) {
      return;
    }
    if (!path.add(check.code())) {
      throw new IllegalArgumentException("checks depend on one another in a circle: " + path);
    }
    for (String code : check.dependsOn()) {
      Check needed = all.get(code);
      if (needed == null) {
        throw new IllegalArgumentException(
            check.code() + " depends on " + code + ", which does not exist");
      }
      visit(needed, all, ordered, path);
    }
    path.remove(check.code());
    ordered.put(check.code(), check);
  }

  /**
   * Examines a cluster.
   *
   * @param selected which checks to report; those they depend on are run as well, and reported if
   *     they failed
   */
  public Report examine(Cluster cluster, Predicate<Check> selected) {
    Instant at = Instant.now();
    long start = System.nanoTime();
    Set<String> needed = new LinkedHashSet<>();
    checks.values().stream().filter(selected).forEach(check -> need(check, needed));
    Map<String, Map<String, Finding>> found = new LinkedHashMap<>();
    for (Check check : checks.values()) {
      if (!needed.contains(check.code())) {
        continue;
      }
      Map<String, Finding> byHost = new LinkedHashMap<>();
      if (check.roles().contains(Role.CLUSTER)) {
        byHost.put(Finding.CLUSTER, examine(check, cluster, null, found));
      }
      for (Member member : cluster.members()) {
        if (check.roles().stream().anyMatch(member::is)) {
          byHost.put(member.name(), examine(check, cluster, member, found));
        }
      }
      found.put(check.code(), byHost);
    }
    Set<Finding> refuted = ProbeReview.correct(cluster, found);
    List<Finding> findings = new ArrayList<>();
    found.forEach(
        (code, byHost) ->
            byHost.forEach(
                (host, finding) -> {
                  if (selected.test(finding.check()) || finding.status() == Status.FAIL) {
                    findings.add(ranked(finding, cluster, found, refuted));
                  }
                }));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    return new Report(cluster, findings, at, took, took);
  }

  private void need(Check check, Set<String> needed) {
    if (needed.add(check.code())) {
      for (String code : check.dependsOn()) {
        need(required(code), needed);
      }
    }
  }

  private Check required(String code) {
    Check check = checks.get(code);
    if (check == null) {
      throw new IllegalStateException(code + " is not in the catalogue");
    }
    return check;
  }

  private static Finding examine(
      Check check,
      Cluster cluster,
      @Nullable Member member,
      Map<String, Map<String, Finding>> found) {
    Subject subject =
        new Subject(
            check,
            cluster,
            member,
            code -> List.copyOf(found.getOrDefault(code, Map.of()).values()));
    String host = member == null ? Finding.CLUSTER : member.name();
    List<String> blockers = new ArrayList<>();
    for (String code : check.dependsOn()) {
      Finding finding = found.getOrDefault(code, new HashMap<>()).get(host);
      if (finding == null) {
        continue;
      }
      if (finding.status() == Status.FAIL) {
        blockers.add(code);
      } else {
        // What blocked that one blocks this one.
        blockers.addAll(finding.blockedBy());
      }
    }
    if (!blockers.isEmpty()) {
      List<String> distinct = blockers.stream().distinct().toList();
      return subject.skip("blocked by " + String.join(", ", distinct)).blocked(distinct);
    }
    long start = System.nanoTime();
    Finding finding;
    try {
      finding = check.examine(subject);
    } catch (UnknownFactException e) {
      finding = subject.error(e.reason());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "check " + check.code() + " broke", e);
      finding =
          subject.error(
              "the check itself broke ("
                  + e.getClass().getSimpleName()
                  + "); please report this with the bundle");
    }
    return finding.timed(Duration.ofNanos(System.nanoTime() - start));
  }

  private Finding ranked(
      Finding finding,
      Cluster cluster,
      Map<String, Map<String, Finding>> found,
      Set<Finding> refuted) {
    if (!finding.wrong()) {
      return finding;
    }
    List<String> causes = new ArrayList<>();
    for (String code : finding.check().symptomOf()) {
      Map<String, Finding> candidates = found.getOrDefault(code, Map.of());
      boolean sameHost =
          cluster
              .member(finding.host())
              .filter(member -> required(code).roles().stream().anyMatch(member::is))
              .isPresent();
      boolean explained =
          sameHost
              ? explains(candidates.get(finding.host()), refuted)
              : candidates.values().stream().anyMatch(one -> explains(one, refuted));
      if (explained) {
        causes.add(code);
      }
    }
    return finding.ranked(causes.isEmpty(), causes);
  }

  private static boolean explains(@Nullable Finding cause, Set<Finding> refuted) {
    return cause != null && cause.wrong() && !refuted.contains(cause);
  }
}
