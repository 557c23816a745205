// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With a stand-in for systemctl that keeps its two words in files. */
class ServiceUnitTest {

  private static final String SYSTEMCTL =
      """
      cd "$ROOT"
      echo "$*" >>calls
      case $1 in --root=*) shift ;; esac
      case $1 in
      is-enabled) cat enabled; [ "$(cat enabled)" = enabled ] ;;
      is-active) cat active; [ "$(cat active)" = active ] ;;
      enable) if [ "$2" = --runtime ]; then echo enabled-runtime; else echo enabled; fi >enabled ;;
      disable) echo disabled >enabled ;;
      start) if [ -e broken ]; then echo "Job failed." >&2; exit 1; fi; echo active >active ;;
      stop) echo inactive >active ;;
      daemon-reload) ;;
      *) exit 1 ;;
      esac
      """;

  private static final ServiceUnit KEEPALIVED = ServiceUnit.enabledAndStarted("keepalived.service");

  @TempDir Path folder;
  private FolderHost host;

  @BeforeEach
  void systemdRuns() throws IOException {
    host = new FolderHost(folder).program("systemctl", SYSTEMCTL);
    Files.createDirectories(folder.resolve("run/systemd/system"));
    state("disabled", "inactive");
  }

  private void state(String enabled, String active) {
    host.write("enabled", enabled + "\n");
    host.write("active", active + "\n");
  }

  private String state() {
    return host.read("enabled").strip() + " " + host.read("active").strip();
  }

  @ParameterizedTest
  @CsvSource({
    "disabled, inactive, enabled active",
    "enabled, inactive, enabled active",
    "disabled, active, enabled active",
    "enabled-runtime, inactive, enabled active",
    "static, inactive, static active",
    "disabled, failed, enabled active"
  })
  void isEnabledAndStartedAndThenAsBefore(String enabled, String active, String after) {
    state(enabled, active);
    AppliedChange applied = KEEPALIVED.apply(host);
    assertThat(state()).isEqualTo(after);
    assertThat(KEEPALIVED.holds(host)).isTrue();
    assertThat(applied.undo()).isTrue();
    assertThat(state()).isEqualTo(enabled + " " + active.replace("failed", "inactive"));
    assertThat(applied.undo()).isFalse();
  }

  @Test
  void runningServiceIsLeftAlone() {
    state("enabled", "active");
    assertThat(KEEPALIVED.apply(host).changed()).isFalse();
    assertThat(host.read("calls")).doesNotContain("start ").doesNotContain("enable ");
  }

  @Test
  void enablingAloneStartsNothing() {
    AppliedChange applied = ServiceUnit.enabled("ipvsadm.service").apply(host);
    assertThat(state()).isEqualTo("enabled inactive");
    applied.undo();
    assertThat(state()).isEqualTo("disabled inactive");
  }

  @Test
  void serviceThatDoesNotStartSaysWhy() {
    host.write("broken", "");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> KEEPALIVED.apply(host))
        .withMessageContaining("systemctl enable --now keepalived.service")
        .withMessageContaining("Job failed.");
  }

  @Test
  void maskedUnitIsSomebodysWill() {
    state("masked", "inactive");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> KEEPALIVED.apply(host))
        .withMessageContaining("systemctl unmask keepalived.service");
    assertThat(state()).isEqualTo("masked inactive");
  }

  @Test
  void unknownUnitIsNotPresent() {
    state("not-found", "inactive");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> KEEPALIVED.apply(host))
        .withMessageContaining("not present on this host");
    assertThat(KEEPALIVED.holds(host)).isFalse();
  }

  @Test
  void startingNeedsSystemdToRun() throws IOException {
    Files.delete(folder.resolve("run/systemd/system"));
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> KEEPALIVED.apply(host))
        .withMessageContaining("systemd is not running on this host");
    assertThat(state()).isEqualTo("disabled inactive");
    ServiceUnit.enabled("keepalived.service").apply(host);
    assertThat(state()).isEqualTo("enabled inactive");
  }

  @Test
  void networkNamespaceHasNoServices() throws IOException {
    Files.createDirectories(folder.resolve("proc/1/ns"));
    Files.createDirectories(folder.resolve("proc/self/ns"));
    Files.createSymbolicLink(folder.resolve("proc/1/ns/net"), Path.of("net:[1]"));
    Files.createSymbolicLink(folder.resolve("proc/self/ns/net"), Path.of("net:[2]"));
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> KEEPALIVED.apply(host))
        .withMessageContaining("a network namespace has no services of its own");
  }

  @Test
  void unitOfAnImageIsEnabledBelowItsRoot() {
    ServiceUnit unit = new ServiceUnit("keepalived.service", "/srv/image", false);
    unit.apply(host);
    assertThat(host.read("calls")).contains("--root=/srv/image enable -- keepalived.service");
    assertThat(unit.text()).isEqualTo("systemctl --root=/srv/image enable keepalived.service");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ServiceUnit("keepalived.service", "/srv/image", true));
  }

  @Test
  void startingIsDisruptive() {
    assertThat(KEEPALIVED.risk()).isEqualTo(Risk.DISRUPTIVE);
    assertThat(ServiceUnit.enabled("a.service").risk()).isEqualTo(Risk.SAFE);
    assertThat(KEEPALIVED.undo())
        .containsExactly("systemctl", "disable", "--now", "keepalived.service");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "keepalived", "-x.service", "a b.service", "a/b.service", "*.service"})
  void nameThatIsNoneIsRefused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> ServiceUnit.enabled(name));
  }
}
