// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.VirtualService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObstaclesTest {

  @Test
  void whatKeepalivedWouldRefuseIsNotWritten() {
    VrrpInstance instance = VrrpInstance.of("a", "eth0", 1).addAddress("192.0.2.1");
    VrrpScript script = VrrpScript.of("s", "/bin/s").weight(5);
    notWritten(
        KeepalivedConfig.EMPTY.virtualServers(
            List.of(VirtualServer.of(VirtualService.tcp("192.0.2.1", 80)))),
        "no real server");
    notWritten(
        KeepalivedConfig.EMPTY.instances(List.of(instance.advertInterval(Duration.ofMillis(1500)))),
        "whole seconds");
    notWritten(
        KeepalivedConfig.EMPTY.instances(List.of(instance.version(3).password("x"))),
        "no authentication");
    notWritten(
        KeepalivedConfig.EMPTY.instances(List.of(instance.trackedInterfaces(List.of("eth0")))),
        "own interface");
    notWritten(
        KeepalivedConfig.EMPTY
            .scripts(List.of(script))
            .syncGroups(List.of(new SyncGroup("g", List.of("a"))))
            .instances(
                List.of(
                    instance.trackedScripts(
                        List.of(new VrrpInstance.TrackedScript("s", Optional.empty()))))),
        "sync group");
    assertThatThrownBy(() -> Checker.misc("/bin/echo 'a"))
        .hasMessageContaining("close its single quotes");
    assertThatThrownBy(() -> ServerChecks.NONE.timers(CheckTimers.INHERITED.retry(0)))
        .hasMessageContaining("retry must be 1");
  }

  private static void notWritten(KeepalivedConfig config, String reason) {
    assertThatThrownBy(config::text)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void whatHoldsForOneVersionDoesNotForTheOther() {
    VrrpInstance half = VrrpInstance.of("a", "eth0", 1).advertInterval(Duration.ofMillis(500));
    assertThat(Obstacles.first(KeepalivedConfig.EMPTY.instances(List.of(half)))).isPresent();
    assertThat(Obstacles.first(KeepalivedConfig.EMPTY.instances(List.of(half.version(3)))))
        .isEmpty();
    assertThat(
            Obstacles.first(
                KeepalivedConfig.EMPTY.instances(List.of(half.addAddress("2001:db8::1")))))
        .isEmpty();
    assertThat(
            Obstacles.first(
                KeepalivedConfig.EMPTY.instances(
                    List.of(
                        VrrpInstance.of("a", "eth0", 1).addAddress("2001:db8::1").password("x")))))
        .contains("instance a has VRRP version 3, which has no authentication");
  }

  @Test
  void ownWeightOfATrackedScriptOverridesTheScripts() {
    VrrpInstance.TrackedScript zero = new VrrpInstance.TrackedScript("s", Optional.of(0));
    VrrpInstance.TrackedScript unknown = new VrrpInstance.TrackedScript("t", Optional.empty());
    KeepalivedConfig config =
        KeepalivedConfig.EMPTY
            .scripts(List.of(VrrpScript.of("s", "/bin/s").weight(5)))
            .syncGroups(List.of(new SyncGroup("g", List.of("a"))))
            .instances(
                List.of(VrrpInstance.of("a", "eth0", 1).trackedScripts(List.of(zero, unknown))));
    assertThat(Obstacles.first(config)).isEmpty();
    assertThat(
            Obstacles.first(
                config.instances(
                    List.of(
                        VrrpInstance.of("a", "eth0", 1)
                            .trackedScripts(
                                List.of(new VrrpInstance.TrackedScript("t", Optional.of(-1))))))))
        .contains("instance a is in a sync group, which takes no script with a weight");
  }
}
