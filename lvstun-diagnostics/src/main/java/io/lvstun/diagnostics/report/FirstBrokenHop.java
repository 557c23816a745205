// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.model.Category;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which hop is the first that is broken, on the ways from directors to real servers. */
final class FirstBrokenHop {

  /** A hop. */
  enum Hop {
    /** The director: it does not take the packet, or does not send it on. */
    DIRECTOR("broken at the director"),
    /** The tunnel: the packet is not taken out of it at the other end. */
    TUNNEL("broken"),
    /** The real server: it does not answer, or not rightly. */
    SERVER("broken at the real server"),
    /** Nothing is known to be broken. */
    NONE("nothing is known to be broken");

    private final String words;

    Hop(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /** What is wrong with these on a real server keeps packets from coming out of the tunnel. */
  private static final Set<Category> END_OF_TUNNEL =
      EnumSet.of(
          Category.KERNEL,
          Category.TUNNEL,
          Category.REVERSE_PATH,
          Category.FIREWALL,
          Category.MTU,
          Category.CLOUD,
          Category.IPV6);

  private final Report report;
  private final Cluster cluster;

  FirstBrokenHop(Report report) {
    this.report = report;
    this.cluster = report.cluster();
  }

  /** Whether a director sends packets to a real server, as far as is known. */
  boolean connected(Member director, Member server) {
    return known(director, server)
        || cluster.usesBy(director).isEmpty()
        || cluster.uses(server).isEmpty();
  }

  /** Whether the director's table has the real server. */
  boolean known(Member director, Member server) {
    return cluster.uses(server).stream()
        .anyMatch(use -> use.director().name().equals(director.name()));
  }

  Hop first(Member director, Member server) {
    if (!causes(director).isEmpty()) {
      return Hop.DIRECTOR;
    }
    List<Finding> causes = causes(server);
    if (causes.stream().anyMatch(finding -> END_OF_TUNNEL.contains(finding.check().category()))) {
      return Hop.TUNNEL;
    }
    return causes.isEmpty() ? Hop.NONE : Hop.SERVER;
  }

  /** Whether a host is itself the first hop that is broken. */
  boolean firstBroken(Member member) {
    if (causes(member).isEmpty()) {
      return false;
    }
    if (!member.is(Role.REAL_SERVER) || member.is(Role.DIRECTOR)) {
      return true;
    }
    return cluster.members(Role.DIRECTOR).stream()
        .filter(director -> connected(director, member))
        .noneMatch(director -> first(director, member) != Hop.SERVER);
  }

  private List<Finding> causes(Member member) {
    return report.rootCauses().stream()
        .filter(finding -> finding.status() == Status.FAIL)
        .filter(finding -> finding.host().equals(member.name()))
        .toList();
  }

  /** The worst that was found on a host. */
  Status worst(Member member) {
    for (Status status : List.of(Status.FAIL, Status.ERROR, Status.WARN)) {
      if (report.findings(status).stream()
          .anyMatch(finding -> finding.host().equals(member.name()))) {
        return status;
      }
    }
    return Status.PASS;
  }

  /** The sentence under the picture. */
  String sentence() {
    for (Member director : cluster.members(Role.DIRECTOR)) {
      if (!causes(director).isEmpty()) {
        return "The first broken hop is " + director.name() + ", in red.";
      }
    }
    List<String> broken =
        cluster.members(Role.REAL_SERVER).stream()
            .filter(server -> !causes(server).isEmpty())
            .map(Member::name)
            .toList();
    if (broken.isEmpty()) {
      return "No hop is known to be broken.";
    }
    return "In red: the first broken hop on the way to " + HostNames.all(broken) + ".";
  }
}
