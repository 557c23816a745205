// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.IpvsDriverProvider;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class DriverSelectionTest {

  private static final DriverOptions OPTIONS = DriverOptions.defaults();

  private static IpvsDriverProvider working(String name, int priority) {
    IpvsDriver driver = mock();
    when(driver.name()).thenReturn(name);
    IpvsDriverProvider provider = provider(name, priority);
    when(provider.open(OPTIONS)).thenReturn(driver);
    return provider;
  }

  private static IpvsDriverProvider refusing(String name, int priority, String reason, String fix) {
    IpvsDriverProvider provider = provider(name, priority);
    when(provider.open(OPTIONS))
        .thenThrow(
            new LvsException(
                new LvsException.Failure("open", "", name, reason, OptionalInt.empty(), fix)));
    return provider;
  }

  private static IpvsDriverProvider provider(String name, int priority) {
    IpvsDriverProvider provider = mock();
    when(provider.name()).thenReturn(name);
    when(provider.priority()).thenReturn(priority);
    return provider;
  }

  private static IpvsDriver open(Optional<String> name, IpvsDriverProvider... providers) {
    return DriverSelection.open(name, OPTIONS, List.of(providers), List.of());
  }

  @Test
  void bestThatWorksIsChosen() {
    IpvsDriver driver =
        open(
            Optional.empty(),
            working("slow", 50),
            refusing("best", 100, "module missing", "modprobe it"),
            working("good", 70));
    assertThat(driver.name()).isEqualTo("good");
  }

  @Test
  void driverOfNegativePriorityIsUsedOnlyByName() {
    IpvsDriverProvider memory = working("memory", -1);
    assertThatThrownBy(() -> open(Optional.empty(), memory))
        .isInstanceOf(UnavailableException.class);
    assertThat(open(Optional.of("memory"), memory).name()).isEqualTo("memory");
  }

  @Test
  void nothingElseIsTriedThanWhatIsNamed() {
    assertThatThrownBy(
            () ->
                open(
                    Optional.of("netlink"),
                    working("ipvsadm", 50),
                    refusing("netlink", 100, "not permitted", "Run as root")))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("netlink: not permitted. Run as root")
        .hasMessageNotContaining("ipvsadm");
  }

  @Test
  void exceptionListsEveryDriverWithReasonAndFix() {
    assertThatThrownBy(
            () ->
                open(
                    Optional.empty(),
                    refusing("netlink", 100, "family IPVS is missing", "Run modprobe ip_vs"),
                    refusing("ipvsadm", 50, "binary is missing", "Install ipvsadm")))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining(
            "netlink: family IPVS is missing. Run modprobe ip_vs; "
                + "ipvsadm: binary is missing. Install ipvsadm");
  }

  @Test
  void unknownNameListsWhatIsInstalled() {
    assertThatThrownBy(() -> open(Optional.of("netlnk"), working("netlink", 100)))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("there is no driver of this name")
        .hasMessageContaining("Installed: netlink");
  }

  @Test
  void driverThatDoesNotLoadIsNamedToo() {
    assertThatThrownBy(
            () ->
                DriverSelection.open(
                    Optional.empty(),
                    OPTIONS,
                    List.of(),
                    List.of("a driver could not be loaded: no such class")))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("no such class");
  }
}
