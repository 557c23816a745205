// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.machine;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.Decapsulation;
import io.lvstun.diagnostics.check.relation.IpvsTables;
import io.lvstun.diagnostics.check.relation.SkipReasons;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable.ConnectionCount;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.machine.Platform;
import io.lvstun.diagnostics.facts.machine.Platform.Cloud;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * CLD: what the networks of clouds do to tunnelled packets, and to answers that have the virtual
 * address for their source. A host cannot see a cloud's rules, but it can see what comes of them.
 *
 * @since 0.1.0
 */
public final class CloudChecks {

  private static final long MIN_HALF_OPEN = 3;

  private CloudChecks() {}

  public static List<Check> all() {
    return List.of(
        check(
            Cloud.AZURE,
            Codes.AZURE_CARRIES_TUNNELS,
            "azure-carries-tunnels",
            "Azure's network drops IPIP, whatever the security groups say.",
            "Use tunnels over UDP: GUE.",
            "kops issue 17832; calicoctl issue 949"),
        check(
            Cloud.DIGITALOCEAN,
            Codes.DIGITALOCEAN_CARRIES_TUNNELS,
            "digitalocean-carries-tunnels",
            "Firewalls of DigitalOcean know TCP, UDP and ICMP only, and drop the rest.",
            "Use tunnels over UDP (GUE), or take the droplets out of cloud firewalls.",
            "typhoon issue 11"),
        check(
            Cloud.AWS,
            Codes.AWS_CARRIES_TUNNELS_AND_ANSWERS,
            "aws-carries-tunnels-and-answers",
            "Security groups must let protocol 4 in; and as long as the check of source and"
                + " destination is on, answers with the virtual address as source are dropped.",
            "Allow protocol 4 from the directors in the real servers' security group, and switch"
                + " the source/destination check off for directors and real servers.",
            "AWS EC2 documentation, sourceDestCheck"),
        check(
            Cloud.GOOGLE,
            Codes.GOOGLE_CARRIES_TUNNELS_AND_ANSWERS,
            "google-carries-tunnels-and-answers",
            "The network's firewall must allow ipip; and instances send with their own addresses"
                + " only, unless canIpForward is on.",
            "Add a firewall rule that allows ipip from the directors, and make real servers with"
                + " canIpForward.",
            "Google Compute API, firewalls: \"allowed\"; kops issue 12384"),
        check(
            Cloud.OPENSTACK,
            Codes.OPENSTACK_CARRIES_TUNNELS_AND_ANSWERS,
            "openstack-carries-tunnels-and-answers",
            "Port security drops what does not come from the port's own address: answers have the"
                + " virtual one.",
            "Add the virtual address to allowed_address_pairs of the real servers' ports, and"
                + " protocol 4 to their security group.",
            "OpenStack Neutron, allowed address pairs"));
  }

  private static Check check(
      Cloud cloud, String code, String slug, String why, String remedy, String source) {
    return Check.of(code, slug)
        .title(cloud + " passes tunnel packets and answers from the VIP")
        .on(Role.REAL_SERVER)
        .dependsOn(Codes.TUNNEL_UP, Codes.TUNNEL_VIP)
        .symptom("Clients time out, and no host drops anything")
        .why(why)
        .remedy(remedy)
        .source(source)
        .examine(subject -> examine(subject, cloud, remedy));
  }

  private static Finding examine(Subject subject, Cloud cloud, String remedy) {
    Platform platform = subject.facts().platform().get();
    if (platform.cloud() != cloud) {
      return subject.skip("the machine is not of " + cloud);
    }
    List<Cluster.Use> bare =
        subject.cluster().uses(subject.member()).stream().filter(SkipReasons::bareIpip).toList();
    List<Cluster.Use> uses = subject.cluster().uses(subject.member());
    if (uses.isEmpty()) {
      return subject.skip("no director sends it anything");
    }
    boolean answers = cloud != Cloud.AZURE && cloud != Cloud.DIGITALOCEAN;
    if (bare.isEmpty() && !answers) {
      return subject
          .pass("the tunnels go over UDP")
          .evidence("/sys/class/dmi/id", platform.toString())
          .finding();
    }
    Optional<LinkFacts> device = Decapsulation.ipip(subject.cluster(), subject.member()).device();
    long arrived =
        device
            .map(LinkFacts::name)
            .flatMap(
                name ->
                    subject
                        .facts()
                        .counters()
                        .known()
                        .map(counters -> counters.value("dev." + name + ".rx_packets")))
            .orElse(OptionalLong.empty())
            .orElse(0);
    long sent = uses.stream().mapToLong(use -> use.server().counters().inPackets()).sum();
    List<String> seen = new ArrayList<>();
    seen.add("firmware: " + platform);
    seen.add("sent through tunnels: " + sent + " packets; out of the tunnel: " + arrived);
    if (!bare.isEmpty() && arrived == 0) {
      return draft(subject, cloud, sent > 0)
          .expected("packets that come out of the tunnel")
          .evidence("facts", String.join("\n", seen))
          .remedy(Remedy.manual(remedy))
          .finding();
    }
    if (!answers) {
      return subject
          .pass("packets come out of the tunnel")
          .evidence("facts", String.join("\n", seen))
          .finding();
    }
    return answers(subject, cloud, uses, seen, remedy);
  }

  private static Subject.Draft draft(Subject subject, Cloud cloud, boolean sent) {
    if (sent) {
      return subject.fail("packets were sent into the tunnel, and none came out: " + cloud);
    }
    return cloud == Cloud.AZURE
        ? subject.fail("the tunnel is IPIP, which " + cloud + " does not carry")
        : subject.warn(
            "nothing has come out of the tunnel yet: whether "
                + cloud
                + " carries it is not known");
  }

  /** Whether clients acknowledge the answers, as the directors see it. */
  private static Finding answers(
      Subject subject, Cloud cloud, List<Cluster.Use> uses, List<String> seen, String remedy) {
    long halfOpen = 0;
    long established = 0;
    for (Cluster.Use use : uses.stream().filter(distinctDirectors()).toList()) {
      for (ConnectionCount one :
          use.director()
              .facts()
              .ipvs()
              .known()
              .flatMap(table -> table.connections().known())
              .orElse(List.of())) {
        if (one.server().address().equals(use.realAddress())
            && one.service().startsWith("TCP ")
            && !one.state().equals(IpvsTables.TEMPLATE)) {
          if (one.state().equals(IpvsTables.SYN_RECEIVED)) {
            halfOpen += one.count();
          } else {
            established += one.count();
          }
        }
      }
    }
    seen.add("connections: " + established + " established, " + halfOpen + " half open");
    if (established == 0 && halfOpen >= MIN_HALF_OPEN) {
      return subject
          .fail("packets come out of the tunnel, but no answer reaches a client: " + cloud)
          .expected("established connections")
          .evidence("facts", String.join("\n", seen))
          .remedy(Remedy.manual(remedy))
          .finding();
    }
    Subject.Draft draft =
        established > 0
            ? subject.pass("packets arrive, and answers reach the clients")
            : subject.note(
                "packets arrive; whether answers with the virtual address pass "
                    + cloud
                    + " is not known yet");
    return draft.evidence("facts", String.join("\n", seen)).finding();
  }

  /** One use of each director and address: all of them share its connection table. */
  private static java.util.function.Predicate<Cluster.Use> distinctDirectors() {
    java.util.Set<List<Object>> seen = new java.util.HashSet<>();
    return use -> seen.add(List.of(use.director().name(), use.realAddress()));
  }
}
