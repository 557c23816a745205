// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Remedy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What one check found alike on some hosts: the same in all but numbers and the host's own name and
 * addresses.
 *
 * @param findings one a host, in the order of the topology; at least one
 */
record FindingGroup(List<Finding> findings) {

  FindingGroup {
    findings = List.copyOf(findings);
  }

  /** Puts findings together; groups stand where their first finding stands. */
  static List<FindingGroup> of(Cluster cluster, List<Finding> findings) {
    Map<String, Integer> order = new HashMap<>();
    Map<String, Set<String>> own = new HashMap<>();
    for (Member member : cluster.members()) {
      order.put(member.name(), order.size());
      own.put(member.name(), own(cluster, member));
    }
    Map<List<Object>, List<Finding>> groups = new LinkedHashMap<>();
    for (Finding finding : findings) {
      groups
          .computeIfAbsent(
              key(finding, own.getOrDefault(finding.host(), Set.of())), key -> new ArrayList<>())
          .add(finding);
    }
    Comparator<Finding> byHost =
        Comparator.comparingInt(finding -> order.getOrDefault(finding.host(), -1));
    return groups.values().stream()
        .map(group -> new FindingGroup(group.stream().sorted(byHost).toList()))
        .toList();
  }

  private static Set<String> own(Cluster cluster, Member member) {
    Set<String> own = new LinkedHashSet<>();
    own.add(member.name());
    for (InetAddress address : cluster.realAddresses(member)) {
      own.add(IpAddress.format(address));
    }
    for (Address address : member.facts().addresses().known().orElse(List.of())) {
      if (!cluster.virtualAddresses().contains(address.address())) {
        own.add(IpAddress.format(address.address()));
      }
    }
    return own;
  }

  private static List<Object> key(Finding finding, Set<String> own) {
    return List.of(
        finding.code(),
        finding.status(),
        finding.rootCause(),
        finding.notable(),
        finding.causedBy(),
        finding.blockedBy(),
        alike(finding.observed(), own),
        alike(finding.expected(), own),
        alike(finding.remedy().map(Remedy::text).orElse(""), own));
  }

  private static String alike(String text, Set<String> own) {
    String alike = text;
    for (String word : own) {
      int at = alike.indexOf(word);
      while (at >= 0) {
        alike =
            whole(alike, at, at + word.length())
                ? alike.substring(0, at) + '\u0000' + alike.substring(at + word.length())
                : alike;
        at = alike.indexOf(word, at + 1);
      }
    }
    return alike.replaceAll("\\d+", "#");
  }

  private static boolean whole(String text, int begin, int end) {
    return (begin == 0 || !part(text.charAt(begin - 1)))
        && (end == text.length() || !part(text.charAt(end)));
  }

  private static boolean part(char letter) {
    return Character.isLetterOrDigit(letter) || letter == '-' || letter == '_';
  }

  Finding first() {
    return findings.get(0);
  }

  boolean several() {
    return findings.size() > 1;
  }

  List<String> hosts() {
    return findings.stream().map(Finding::host).distinct().toList();
  }

  /** What differs among the findings, each with the hosts that it is so on. */
  Map<String, List<String>> variants(Function<Finding, String> part) {
    Map<String, List<String>> variants = new LinkedHashMap<>();
    for (Finding finding : findings) {
      variants.computeIfAbsent(part.apply(finding), text -> new ArrayList<>()).add(finding.host());
    }
    return variants;
  }
}
