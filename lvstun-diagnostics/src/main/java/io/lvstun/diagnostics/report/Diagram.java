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
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The cluster as a picture: vantage hosts, directors, tunnels, real servers. On each way through it
 * the first hop that is broken is red, and what lies beyond it is faint.
 *
 * <p>It is drawn for the width of a phone, and grows downwards. Of many hosts in a column, those of
 * which it tells the same share a box.
 */
final class Diagram {

  private static final int WIDTH = 358;
  private static final int BOX_WIDTH = 134;
  private static final int BOX_HEIGHT = 42;
  private static final int STEP = 54;
  private static final int LEFT = 2;
  private static final int RIGHT = WIDTH - BOX_WIDTH - 2;
  private static final int LONGEST = 19;

  /** More hosts than this in a column share boxes. */
  private static final int SINGLE_BOXES = 8;

  private static final int MOST_BOXES = 12;

  private final Report report;
  private final Cluster cluster;
  private final FirstBrokenHop hops;

  Diagram(Report report) {
    this.report = report;
    this.cluster = report.cluster();
    this.hops = new FirstBrokenHop(report);
  }

  /**
   * Hosts that share a box.
   *
   * @param members at least one
   */
  private record Box(List<Member> members) {

    Member first() {
      return members.get(0);
    }

    String name() {
      List<String> names = members.stream().map(Member::name).toList();
      String all = HostNames.all(names);
      return names.size() == 1 || all.length() <= LONGEST ? all : names.size() + " hosts";
    }

    String title() {
      return members.size() == 1
          ? first().name() + ", " + first().node().host().specification()
          : HostNames.all(members.stream().map(Member::name).toList());
    }
  }

  /** Draws, and returns the sentence that belongs under the picture. */
  String draw(Html html) {
    List<Box> vantages = boxes(cluster.members(Role.VANTAGE));
    List<Box> directors =
        cluster.members(Role.DIRECTOR).stream()
            .map(director -> new Box(List.of(director)))
            .toList();
    List<Box> left = new ArrayList<>(vantages);
    left.addAll(directors);
    List<Box> right =
        boxes(
            cluster.members(Role.REAL_SERVER).stream()
                .filter(member -> !member.is(Role.DIRECTOR))
                .toList());
    Map<Box, Integer> tops = new LinkedHashMap<>();
    place(left, tops);
    place(right, tops);
    int height = Math.max(1, Math.max(left.size(), right.size())) * STEP;
    String legend = hops.sentence();
    html.raw("<svg viewBox=\"0 0 " + WIDTH + " " + height + "\" role=\"img\" aria-label=\"")
        .text("The cluster. " + legend)
        .raw("\">\n");
    for (Box vantage : vantages) {
      for (Box director : directors) {
        line(html, vantage, director, tops);
      }
    }
    for (Box director : directors) {
      for (Box server : right) {
        if (hops.connected(director.first(), server.first())) {
          tunnel(html, director, server, tops);
        }
      }
    }
    left.forEach(box -> box(html, box, LEFT, tops));
    right.forEach(box -> box(html, box, RIGHT, tops));
    html.raw("</svg>\n");
    return legend;
  }

  /** A box for each host; of many, those share one of which the picture tells the same. */
  private List<Box> boxes(List<Member> members) {
    if (members.size() <= SINGLE_BOXES) {
      return members.stream().map(member -> new Box(List.of(member))).toList();
    }
    List<Box> boxes = grouped(members, member -> List.of(ways(member), failed(member)));
    return boxes.size() <= MOST_BOXES ? boxes : grouped(members, this::ways);
  }

  private static List<Box> grouped(List<Member> members, Function<Member, List<Object>> same) {
    Map<List<Object>, List<Member>> groups = new LinkedHashMap<>();
    members.forEach(
        member -> groups.computeIfAbsent(same.apply(member), key -> new ArrayList<>()).add(member));
    return groups.values().stream().map(Box::new).toList();
  }

  /** The colours of a host, and of the ways to it. */
  private List<Object> ways(Member member) {
    List<Object> ways = new ArrayList<>();
    ways.add(hops.worst(member));
    ways.add(hops.firstBroken(member));
    ways.add(member.facts().failure().isPresent());
    for (Member director : cluster.members(Role.DIRECTOR)) {
      ways.add(hops.connected(director, member));
      ways.add(hops.known(director, member));
      ways.add(hops.first(director, member));
    }
    return ways;
  }

  private Set<String> failed(Member member) {
    return report.findings().stream()
        .filter(finding -> finding.host().equals(member.name()))
        .filter(finding -> finding.status() == Status.FAIL)
        .map(Finding::code)
        .collect(Collectors.toSet());
  }

  private static void place(List<Box> column, Map<Box, Integer> tops) {
    int top = 6;
    for (Box box : column) {
      tops.put(box, top);
      top += STEP;
    }
  }

  private static int top(Box box, Map<Box, Integer> tops) {
    return tops.getOrDefault(box, 0);
  }

  private static void line(Html html, Box vantage, Box director, Map<Box, Integer> tops) {
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

  private void tunnel(Html html, Box director, Box server, Map<Box, Integer> tops) {
    int x1 = LEFT + BOX_WIDTH;
    int y1 = top(director, tops) + BOX_HEIGHT / 2;
    int y2 = top(server, tops) + BOX_HEIGHT / 2;
    int middle = (x1 + RIGHT) / 2;
    FirstBrokenHop.Hop first = hops.first(director.first(), server.first());
    String classes =
        switch (first) {
          case TUNNEL -> "broken";
          case DIRECTOR -> "tunnel beyond";
          case SERVER, NONE ->
              hops.known(director.first(), server.first()) ? "tunnel" : "tunnel unknown";
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

  private void box(Html html, Box box, int x, Map<Box, Integer> tops) {
    Member member = box.first();
    int y = top(box, tops);
    String classes = "box " + hops.worst(member) + (hops.firstBroken(member) ? " broken" : "");
    html.raw("<g><title>")
        .text(box.title())
        .raw("</title><rect class=\"" + classes + "\" rx=\"5\" x=\"" + x + "\" y=\"" + y)
        .raw("\" width=\"" + BOX_WIDTH + "\" height=\"" + BOX_HEIGHT + "\"/>")
        .raw("<text x=\"" + (x + 8) + "\" y=\"" + (y + 17) + "\">")
        .text(cut(box.name()))
        .raw("</text><text class=\"small\" x=\"" + (x + 8) + "\" y=\"" + (y + 33) + "\">")
        .text(cut(below(box)))
        .raw("</text></g>\n");
  }

  private String below(Box box) {
    Member member = box.first();
    if (member.facts().failure().isPresent()) {
      return "not reached";
    }
    int wrong = failed(member).size();
    boolean alike = box.members().stream().allMatch(other -> failed(other).equals(failed(member)));
    if (!alike) {
      return "checks fail";
    }
    if (wrong > 0) {
      return (wrong == 1 ? "1 check fails" : wrong + " checks fail")
          + (box.members().size() > 1 ? " each" : "");
    }
    String role =
        member.is(Role.REAL_SERVER)
            ? "real server"
            : member.is(Role.DIRECTOR) ? "director" : "vantage";
    if (box.members().size() > 1) {
      return box.members().size() + " " + role + "s";
    }
    return member.is(Role.REAL_SERVER)
        ? cluster.realAddresses(member).stream().findFirst().map(IpAddress::format).orElse(role)
        : role;
  }

  private static String cut(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST - 1) + "\u2026" : text;
  }
}
