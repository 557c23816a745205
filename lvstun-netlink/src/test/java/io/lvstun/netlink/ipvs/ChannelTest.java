// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import org.junit.jupiter.api.Test;

/** The family's number, when the module is loaded again or gone. */
class ChannelTest extends OnFakeKernel {

  @Test
  void familyIsLookedUpAgainWhenTheModuleWasLoadedAgain() {
    done(new Command.AddService(WEB));
    kernel.reload();
    assertThat(driver.services(Consistency.VERIFIED)).isEmpty();
    kernel.reload();
    assertThat(driver.service(WEB.key())).isEmpty();
    kernel.reload();
    done(new Command.AddService(WEB), new Command.AddServer(WEB.key(), SERVER));
    assertThat(driver.service(WEB.key()).orElseThrow().servers()).hasSize(1);
  }

  @Test
  void missingEntryIsNotTakenForAMissingModule() {
    done(new Command.AddService(WEB));
    int sends = kernel.sends;
    LvsException error = execute(new Command.RemoveServer(WEB.key(), SERVER.key())).get(0).error();
    assertThat(error).isInstanceOf(NotFoundException.class);
    assertThat(error.reason()).isEqualTo("real server not found");
    assertThat(kernel.sends - sends).isEqualTo(2);
  }

  @Test
  void moduleThatIsGoneIsNamed() {
    kernel.familyPresent = false;
    assertThat(execute(new Command.AddService(WEB)).get(0).error())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("IPVS")
        .hasMessageContaining("modprobe ip_vs");
    assertThatThrownBy(driver::info)
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("modprobe ip_vs");
    kernel.familyPresent = true;
    kernel.reload();
    done(new Command.AddService(WEB));
  }
}
