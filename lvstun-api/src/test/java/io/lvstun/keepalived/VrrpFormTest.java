// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VrrpFormTest {

  private final List<ImportLoss> losses = new ArrayList<>();
  private final VrrpForm form = new VrrpForm(new StatementReader(losses));

  private static Statement tree(String text) {
    List<ImportLoss> ignored = new ArrayList<>();
    LineSource lines =
        new LineSource(ConfigFiles.of(Map.of("/k", text)), Optional.empty(), ignored);
    lines.open("/k");
    return new TreeReader(lines, ignored).read().get(0);
  }

  private VrrpInstance instance(String statements) {
    return form.instance(
            tree("vrrp_instance a {\ninterface eth0\nvirtual_router_id 5\n" + statements + "\n}"))
        .orElseThrow();
  }

  private List<String> reasons() {
    return losses.stream().map(ImportLoss::reason).toList();
  }

  @Test
  void everyStatementOfAnInstanceIsRead() {
    VrrpInstance read =
        instance(
            """
            state BACKUP
            priority 7
            advert_int 0.5
            version 3
            unicast_src_ip 192.0.2.1
            nopreempt
            unicast_peer {
              192.0.2.2
              192.0.2.3
            }
            virtual_ipaddress {
              192.0.2.10/24 dev eth1 label eth1:0
            }
            virtual_ipaddress_excluded {
              2001:db8::1/64
            }
            track_interface {
              eth2
            }
            track_script {
              s weight -5
              t
            }
            """);
    assertThat(read)
        .isEqualTo(
            VrrpInstance.of("a", "eth0", 5)
                .priority(7)
                .advertInterval(Duration.ofMillis(500))
                .version(3)
                .source(IpAddress.parse("192.0.2.1"))
                .preempt(false)
                .peers(List.of(IpAddress.parse("192.0.2.2"), IpAddress.parse("192.0.2.3")))
                .addresses(
                    List.of(VirtualAddress.of("192.0.2.10/24").device("eth1").label("eth1:0")))
                .excludedAddresses(List.of(VirtualAddress.of("2001:db8::1/64")))
                .trackedInterfaces(List.of("eth2"))
                .trackedScripts(
                    List.of(
                        new VrrpInstance.TrackedScript("s", Optional.of(-5)),
                        new VrrpInstance.TrackedScript("t", Optional.empty()))));
    assertThat(losses).isEmpty();
  }

  @Test
  void masterPreemptsWhateverItSays() {
    VrrpInstance read = instance("nopreempt\npreempt_delay 60\nstate MASTER");
    assertThat(read.preempt()).isTrue();
    assertThat(read.preemptDelay()).isZero();
    assertThat(reasons())
        .containsExactly(
            "keepalived clears nopreempt and preempt_delay of an instance that begins as MASTER");
  }

  @Test
  void wrongValueLeavesTheOneBefore() {
    VrrpInstance read = instance("priority 7\npriority 256\nstate UP\nadvert_int 300\nversion 4");
    assertThat(read).isEqualTo(VrrpInstance.of("a", "eth0", 5).priority(7));
    assertThat(reasons())
        .containsExactly(
            "it must be 1 to 255, not 256; keepalived ignores it",
            "it must be MASTER or BACKUP; keepalived takes BACKUP",
            "advert_int must be 1 microsecond to 255 seconds in whole microseconds, not PT5M",
            "it must be 2 to 3, not 4; keepalived ignores it");
  }

  @Test
  void instanceWithoutItsThreeNamesIsNone() {
    assertThat(form.instance(tree("vrrp_instance a {\ninterface eth0\n}"))).isEmpty();
    assertThat(form.instance(tree("vrrp_instance {\nvirtual_router_id 1\n}"))).isEmpty();
    assertThat(form.instance(tree("vrrp_instance a {\nvirtual_router_id 1\n}"))).isEmpty();
    assertThat(losses)
        .extracting(ImportLoss::kind)
        .contains(ImportLoss.Kind.INVALID, ImportLoss.Kind.NO_COUNTERPART);
  }

  @Test
  void secretThatCannotBeUsedIsToldWithoutBeingShown() {
    assertThat(instance("authentication {\nauth_type PASS\n}").authentication()).isEmpty();
    assertThat(instance("authentication {\nauth_type MD5\nauth_pass s3cret\n}").authentication())
        .isEmpty();
    assertThat(instance("authentication {\nauth_type AH\nauth_pass 123456789\n}").authentication())
        .contains(VrrpAuthentication.of(VrrpAuthentication.Type.AH, "12345678"));
    assertThat(losses).hasSize(3);
    assertThat(losses.toString()).doesNotContain("s3cret").doesNotContain("12345678");
  }

  @Test
  void scriptNeedsNameAndCommand() {
    assertThat(
            form.script(
                tree(
                    "vrrp_script s {\nscript \"/bin/c 'a b'\"\ninterval 2\ntimeout 1\nweight 5\n"
                        + "rise 2\nfall 3\nuser nobody\n}")))
        .contains(
            VrrpScript.of("s", "/bin/c 'a b'")
                .interval(Duration.ofSeconds(2))
                .timeout(Duration.ofSeconds(1))
                .weight(5)
                .rise(2)
                .fall(3));
    assertThat(reasons()).containsExactly("keepalived acts on it; there is no counterpart here");
    assertThat(form.script(tree("vrrp_script s {\nweight 5\n}"))).isEmpty();
    assertThat(reasons()).contains("name or script is missing; keepalived ignores the block");
  }

  @Test
  void groupListsItsInstancesAndWhatItCannotHold() {
    assertThat(form.group(tree("vrrp_sync_group g {\ngroup {\na\nb\n}\nsmtp_alert\n}")))
        .contains(new SyncGroup("g", List.of("a", "b")));
    assertThat(losses).extracting(ImportLoss::statement).containsExactly("smtp_alert");
    assertThat(form.group(tree("vrrp_sync_group g {\ngroup {\n}\n}"))).isEmpty();
    assertThat(reasons()).contains("vrrp_sync_group g needs an instance");
  }
}
