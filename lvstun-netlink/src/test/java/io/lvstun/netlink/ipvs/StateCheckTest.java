// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_GET_SERVICE;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_NEW_SERVICE;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_SET_DEST;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Command;
import io.lvstun.LvsException;
import io.lvstun.Scheduler;
import io.lvstun.SyncDaemon;
import io.lvstun.TimeoutException;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.netlink.ipvs.FakeKernel.Fault;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.spi.Outcome;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What became of commands without an answer, as the state shows it. */
class StateCheckTest extends OnFakeKernel {

  @Test
  void everyKindOfCommandIsFoundDone() {
    SyncDaemon daemon = SyncDaemon.master("eth0").syncId(7);
    List<Command> commands =
        List.of(
            new Command.AddService(WEB),
            new Command.EditService(WEB.scheduler(Scheduler.RR)),
            new Command.AddServer(WEB.key(), SERVER),
            new Command.EditServer(WEB.key(), SERVER.weight(9)),
            new Command.RemoveServer(WEB.key(), SERVER.key()),
            new Command.RemoveService(WEB.key()),
            new Command.SetTimeouts(Timeouts.ofSeconds(5, 6, 7)),
            new Command.StartDaemon(daemon),
            new Command.StopDaemon(SyncDaemon.Role.MASTER),
            new Command.Flush());
    for (Command command : commands) {
      kernel.trap(number(command), Fault.NO_ANSWER);
      done(command);
    }
  }

  @Test
  void everyKindOfCommandIsFoundNotDone() {
    done(
        new Command.AddService(WEB),
        new Command.AddServer(WEB.key(), SERVER),
        new Command.StartDaemon(SyncDaemon.backup("eth0")));
    List<Command> commands =
        List.of(
            new Command.AddService(VirtualService.fwmark(3)),
            new Command.EditService(WEB.scheduler(Scheduler.RR)),
            new Command.AddServer(WEB.key(), SERVER.port(81)),
            new Command.EditServer(WEB.key(), SERVER.weight(9)),
            new Command.RemoveServer(WEB.key(), SERVER.key()),
            new Command.RemoveService(WEB.key()),
            new Command.SetTimeouts(Timeouts.ofSeconds(5, 6, 7)),
            new Command.StartDaemon(SyncDaemon.master("eth0")),
            new Command.StopDaemon(SyncDaemon.Role.BACKUP),
            new Command.Flush());
    for (Command command : commands) {
      kernel.trap(number(command), Fault.IGNORED);
      assertThat(execute(command).get(0).error())
          .as("%s", command)
          .isInstanceOf(TimeoutException.class)
          .hasMessageContaining("shows that it was not carried out");
    }
  }

  @Test
  void zeroingLeavesNoTrace() {
    kernel.trap(IPVS_CMD_ZERO, Fault.NO_ANSWER);
    assertThat(execute(new Command.Zero(Optional.empty())).get(0).error())
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("the state does not show whether");
  }

  private static int number(Command command) {
    ByteBuffer message = ByteBuffer.allocate(512);
    new Encoder().command(new MessageWriter(message.array()), 28, 1, 1, command);
    return message.get(16);
  }

  @Test
  void earlierCommandWhoseEffectIsThereWasDone() {
    kernel.trap(IPVS_CMD_SET_DEST, Fault.IGNORED);
    List<Outcome> outcomes =
        execute(
            new Command.AddService(WEB),
            new Command.AddServer(WEB.key(), SERVER),
            new Command.EditServer(WEB.key(), SERVER.weight(4)));
    assertThat(outcomes.get(1).error()).isNull();
    assertThat(outcomes.get(2).error()).hasMessageContaining("shows that it was not carried out");
  }

  @Test
  void laterCommandHidesWhatBecameOfAnEarlierOne() {
    done(new Command.AddService(WEB), new Command.AddServer(WEB.key(), SERVER));
    kernel.trap(IPVS_CMD_SET_DEST, Fault.IGNORED).trap(IPVS_CMD_SET_DEST, Fault.NO_ANSWER);
    List<Outcome> outcomes =
        execute(
            new Command.EditServer(WEB.key(), SERVER.weight(3)),
            new Command.EditServer(WEB.key(), SERVER.weight(4)));
    assertThat(outcomes.get(0).error())
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("a later command of the batch hides");
    assertThat(outcomes.get(1).error()).isNull();
  }

  @Test
  void stateThatCannotBeReadAfterTheDeadlineLeavesTheFateOpen() {
    kernel.trap(IPVS_CMD_NEW_SERVICE, Fault.NO_ANSWER).trap(IPVS_CMD_GET_SERVICE, Fault.IGNORED);
    LvsException error = execute(new Command.AddService(WEB)).get(0).error();
    assertThat(error)
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("the state could not be read afterwards");
    assertThat(error.hint()).contains("Read the state");
  }
}
