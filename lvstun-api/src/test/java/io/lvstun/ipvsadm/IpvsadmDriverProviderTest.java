// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.Capability;
import io.lvstun.DriverOptions;
import io.lvstun.LvsException;
import io.lvstun.NetworkNamespace;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.UnavailableException;
import io.lvstun.UnsupportedException;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.IpvsDriverProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class IpvsadmDriverProviderTest {

  private static final DriverOptions OPTIONS =
      new DriverOptions(Optional.empty(), Duration.ofSeconds(20));

  @TempDir private Path folder;

  private IpvsDriver open(String body) {
    System.setProperty(IpvsadmDriverProvider.PROPERTY, FakeProgram.script(folder, body).toString());
    return new IpvsadmDriverProvider().open(OPTIONS);
  }

  /** A program that tells a version and, perhaps, understands the lines of a batch. */
  private static String tells(String version, boolean marks) {
    return """
    while read -r line; do
      case "$line" in
        -v) echo '%s' ;;
        -L*) %s ;;
      esac
    done
    """
        .formatted(version, marks ? "echo \"${line#-L }: unknown option\" >&2" : ":");
  }

  @AfterEach
  void clearProperty() {
    System.clearProperty(IpvsadmDriverProvider.PROPERTY);
  }

  @Test
  void isFoundByItsName() {
    assertThat(ServiceLoader.load(IpvsDriverProvider.class))
        .filteredOn(provider -> provider.name().equals("ipvsadm"))
        .singleElement()
        .isInstanceOf(IpvsadmDriverProvider.class)
        .extracting(IpvsDriverProvider::priority)
        .isEqualTo(50);
  }

  @Test
  void newestIpvsadmLacksLittle() {
    try (IpvsDriver driver =
        open(tells("ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)", true))) {
      assertThat(driver.name()).isEqualTo("ipvsadm");
      assertThat(driver.missing().keySet())
          .containsExactlyInAnyOrder(
              Capability.SERVER_COUNTERS_64_BIT,
              Capability.FOREIGN_FORWARDING,
              Capability.FOREIGN_NUMBERS,
              Capability.FOREIGN_SETTINGS);
    }
  }

  @Test
  void olderIpvsadmLacksTunnelTypes() {
    try (IpvsDriver driver =
        open(tells("ipvsadm v1.28 2015/02/09 (compiled with popt and IPVS v1.2.1)", true))) {
      assertThat(driver.missing()).containsKey(Capability.TUNNEL_ENCAPSULATION);
    }
  }

  @Test
  void programThatDoesNotReportLineByLineLacksBatches() {
    try (IpvsDriver driver = open(tells("ipvsadm v1.31", false))) {
      assertThat(driver.missing()).containsKey(Capability.BATCHES);
    }
  }

  @Test
  void oldIpvsadmIsRefused() {
    assertThatExceptionOfType(UnsupportedException.class)
        .isThrownBy(() -> open(tells("ipvsadm v1.27 2013/09/10", true)))
        .withMessage(
            "cannot open (ipvsadm): ipvsadm 1.27 is too old."
                + " Install ipvsadm 1.31; 1.28 is the oldest that works");
  }

  @Test
  void otherProgramIsRefused() {
    assertThatExceptionOfType(LvsException.class)
        .isThrownBy(() -> open(tells("GNU coreutils 9.1", true)))
        .withMessageContaining(
            "the program does not print its version as ipvsadm does: GNU coreutils 9.1");
  }

  @Test
  void missingModuleIsSaidWithTheFix() {
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(
            () ->
                open(
                    """
                    echo 'modprobe: FATAL: Module ip_vs not found in directory /lib/modules/x' >&2
                    echo "Can't initialize ipvs: Protocol not available" >&2
                    echo 'Are you sure that IP Virtual Server is built in the kernel or as module?' >&2
                    exit 2
                    """))
        .withMessage(
            "cannot open (ipvsadm): not found (Protocol not available) [2]."
                + " Load the module: modprobe ip_vs");
  }

  @Test
  void missingPermissionIsSaidWithTheFix() {
    assertThatExceptionOfType(PermissionException.class)
        .isThrownBy(
            () ->
                open(
                    """
                    echo "Can't initialize ipvs: Permission denied (you must be root)" >&2
                    exit 2
                    """))
        .withMessageContaining(
            "cannot open (ipvsadm): not permitted [2]. IPVS needs CAP_NET_ADMIN");
  }

  @Test
  void programThatCannotBeRunIsSaid() {
    System.setProperty(IpvsadmDriverProvider.PROPERTY, "/nonexistent/ipvsadm");
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> new IpvsadmDriverProvider().open(OPTIONS))
        .withMessage(
            "cannot open (ipvsadm): the system property lvstun.ipvsadm does not name a program that"
                + " can be run: /nonexistent/ipvsadm."
                + " Set it to the absolute path of ipvsadm, or remove it");
  }

  @Test
  void relativePathIsRefused() {
    System.setProperty(IpvsadmDriverProvider.PROPERTY, "ipvsadm");
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> new IpvsadmDriverProvider().open(OPTIONS));
  }

  @Test
  void absentNamespaceIsNotFound() {
    System.setProperty(
        IpvsadmDriverProvider.PROPERTY,
        FakeProgram.script(folder, tells("ipvsadm v1.31", true)).toString());
    DriverOptions elsewhere =
        new DriverOptions(
            Optional.of(NetworkNamespace.named("lvstun-absent")), Duration.ofSeconds(5));
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> new IpvsadmDriverProvider().open(elsewhere))
        .withMessageContaining("/run/netns/lvstun-absent");
  }
}
