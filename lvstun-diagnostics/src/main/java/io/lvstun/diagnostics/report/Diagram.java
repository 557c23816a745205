// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.IpAddress;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cluster as a picture: vantage hosts, directors, tunnels, real servers. On each way through it
 * the first hop that is broken is red, and what lies beyond it is faint.
 *
 * <p>It is drawn for the width of a phone, and grows downwards.
 */
final class Diagram {

  private static final int WIDTH = 358;
  private static final int BOX_WIDTH = 134;
  private static final int BOX_HEIGHT = 42;
  private static final int STEP = 54;
  private static final int LEFT = 2;
  private static final int RIGHT = WIDTH - BOX_WIDTH - 2;
  private static final int LONGEST = 19;

  private final Report report;
  private final Cluster cluster;
  private final FirstBrokenHop hops;

  Diagram(Report report) {
    this.report = report;
    this.cluster = report.cluster();
    this.hops = new FirstBrokenHop(report);
  }

  /** Draws, and returns the sentence that belongs under the picture. */
  String draw(Html html) {
    Map<String, Integer> tops = new LinkedHashMap<>();
    List<Member> left = new ArrayList<>(cluster.members(Role.VANTAGE));
    left.addAll(cluster.members(Role.DIRECTOR));
    List<Member> right =
        cluster.members(Role.REAL_SERVER).stream()
            .filter(member -> !member.is(Role.DIRECTOR))
            .toList();
    place(left, tops);
    place(right, tops);
    int height = Math.max(1, Math.max(left.size(), right.size())) * STEP;
    String legend = hops.sentence();
    html.raw("<svg viewBox=\"0 0 " + WIDTH + " " + height + "\" role=\"img\" aria-label=\"")
        .text("The cluster. " + legend)
        .raw("\">\n");
    for (Member vantage : cluster.members(Role.VANTAGE)) {
      for (Member director : cluster.members(Role.DIRECTOR)) {
        line(html, vantage, director, tops);
      }
    }
    for (Member director : cluster.members(Role.DIRECTOR)) {
      for (Member server : right) {
        if (hops.connected(director, server)) {
          tunnel(html, director, server, tops);
        }
      }
    }
    left.forEach(member -> box(html, member, LEFT, tops));
    right.forEach(member -> box(html, member, RIGHT, tops));
    html.raw("</svg>\n");
    return legend;
  }

  private static void place(List<Member> column, Map<String, Integer> tops) {
    int top = 6;
    for (Member member : column) {
      tops.put(member.name(), top);
      top += STEP;
    }
  }

  private static int top(Member member, Map<String, Integer> tops) {
    return tops.getOrDefault(member.name(), 0);
  }

  private static void line(Html html, Member vantage, Member director, Map<String, Integer> tops) {
    int x = LEFT + BOX_WIDTH / 2;
    html.raw(
        "<path class=\"tunnel unknown\" d=\"M"
            + x
            + " "
            + (top(vantage, tops) + BOX_HEIGHT)
            + "V"
            + top(director, tops)
            + "\"/>\n");
  }

  private void tunnel(Html html, Member director, Member server, Map<String, Integer> tops) {
    int x1 = LEFT + BOX_WIDTH;
    int y1 = top(director, tops) + BOX_HEIGHT / 2;
    int y2 = top(server, tops) + BOX_HEIGHT / 2;
    int middle = (x1 + RIGHT) / 2;
    FirstBrokenHop.Hop first = hops.first(director, server);
    String classes =
        switch (first) {
          case TUNNEL -> "broken";
          case DIRECTOR -> "tunnel beyond";
          case SERVER, NONE -> hops.known(director, server) ? "tunnel" : "tunnel unknown";
        };
    html.raw("<g><title>")
        .text("Tunnel from " + director.name() + " to " + server.name() + ": " + first.words())
        .raw("</title><path class=\"" + classes + "\" d=\"M" + x1 + " " + y1)
        .raw("C" + middle + " " + y1 + " " + middle + " " + y2 + " " + RIGHT + " " + y2 + "\"/>");
    if (first == FirstBrokenHop.Hop.TUNNEL) {
      html.raw(
          "<text class=\"cross\" x=\"" + (RIGHT - 18) + "\" y=\"" + (y2 + 6) + "\">\u2715</text>");
    }
    html.raw("</g>\n");
  }

  private void box(Html html, Member member, int x, Map<String, Integer> tops) {
    int y = top(member, tops);
    String classes = "box " + hops.worst(member) + (hops.firstBroken(member) ? " broken" : "");
    html.raw("<g><title>")
        .text(member.name() + ", " + member.node().host().specification())
        .raw("</title><rect class=\"" + classes + "\" rx=\"5\" x=\"" + x + "\" y=\"" + y)
        .raw("\" width=\"" + BOX_WIDTH + "\" height=\"" + BOX_HEIGHT + "\"/>")
        .raw("<text x=\"" + (x + 8) + "\" y=\"" + (y + 17) + "\">")
        .text(cut(member.name()))
        .raw("</text><text class=\"small\" x=\"" + (x + 8) + "\" y=\"" + (y + 33) + "\">")
        .text(cut(below(member)))
        .raw("</text></g>\n");
  }

  private String below(Member member) {
    long wrong =
        report.findings().stream()
            .filter(finding -> finding.host().equals(member.name()) && finding.wrong())
            .filter(finding -> finding.status() == Status.FAIL)
            .map(Finding::code)
            .distinct()
            .count();
    if (member.facts().failure().isPresent()) {
      return "not reached";
    }
    if (wrong > 0) {
      return wrong == 1 ? "1 check fails" : wrong + " checks fail";
    }
    if (member.is(Role.REAL_SERVER)) {
      return cluster.realAddresses(member).stream()
          .findFirst()
          .map(IpAddress::format)
          .orElse("real server");
    }
    return member.is(Role.DIRECTOR) ? "director" : "vantage";
  }

  private static String cut(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST - 1) + "\u2026" : text;
  }
}
