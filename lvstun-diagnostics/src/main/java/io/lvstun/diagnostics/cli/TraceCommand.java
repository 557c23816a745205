// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import io.lvstun.ForeignText;
import io.lvstun.IpAddress;
import io.lvstun.diagnostics.cli.option.SshFlags;
import io.lvstun.diagnostics.cli.terminal.DurationText;
import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import io.lvstun.diagnostics.cli.terminal.FailedException;
import io.lvstun.diagnostics.cli.terminal.Version;
import io.lvstun.diagnostics.probe.trace.PacketTrace;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows the tunnels' packets on a host. */
@Command(
    name = "trace",
    description = {
      "Shows the tunnels' packets that pass a host: outer and inner addresses, ports, flags.",
      "Kinds: ipip, sit (IPv6 in IPv4), ipip6 (IPv4 in IPv6), ip6ip6, gue, gre."
          + " Nothing is changed on the host. Needs root there; over ssh, tcpdump too."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false)
final class TraceCommand implements Callable<Integer> {

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private LvstunDoctor root;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "local",
      description =
          "local, netns:NAME or ssh://user@host:port (default: ${DEFAULT-VALUE}). Over ssh, packets"
              + " are shown when the capture has ended.")
  private String host = "local";

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "End after so many packets (default: any number).")
  private @Nullable Long count;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = DurationText.class,
      description =
          "End after this time, 1s to 24h, over ssh to 10m (default: 10s; with --count, the"
              + " longest).")
  private @Nullable Duration duration;

  @Option(
      names = "--vip",
      paramLabel = "ADDRESS",
      description = "Show only packets whose inner packet is to or from it. May be repeated.")
  private List<String> addresses = new ArrayList<>();

  @Option(
      names = "--gue-port",
      paramLabel = "PORT",
      description =
          "Take UDP to this port for GUE, besides " + PacketTrace.GUE_PORT + ". May be repeated.")
  private List<Integer> guePorts = new ArrayList<>();

  @Option(
      names = "--pcap",
      paramLabel = "FILE",
      description =
          "Write the packets to a new file besides, for tcpdump and Wireshark. Only its owner may"
              + " read it: packets hold what people say to each other.")
  private @Nullable Path pcap;

  @Mixin private SshFlags ssh = new SshFlags();

  @Override
  public Integer call() {
    PrintWriter out = root.console().out();
    PrintWriter err = root.console().err();
    PacketTrace trace = trace();
    trace.onStart(
        () -> {
          err.println("Waiting for packets on " + ForeignText.clean(host));
          err.flush();
        });
    try {
      PacketTrace.Summary summary =
          trace.run(
              packet -> {
                out.println(ForeignText.clean(packet.toString()));
                out.flush();
              });
      err.println(
          summary.packets()
              + (summary.packets() == 1 ? " packet" : " packets")
              + (summary.lost() == 0
                  ? ""
                  : ", " + summary.lost() + " lost because they came too fast")
              + (summary.remark().isEmpty() ? "" : ". " + summary.remark()));
    } catch (UncheckedIOException e) {
      throw new FailedException(String.valueOf(e.getMessage()), e);
    }
    return ExitStatus.OK;
  }

  private PacketTrace trace() {
    PacketTrace trace = PacketTrace.on(ssh.host("--host", host));
    try {
      if (count != null) {
        trace.count(count);
      }
      if (duration != null) {
        trace.duration(duration);
      }
      guePorts.forEach(trace::guePort);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
    addresses.forEach(address -> trace.concerning(address(address)));
    if (pcap != null) {
      trace.pcap(pcap);
    }
    return trace;
  }

  private InetAddress address(String text) {
    try {
      return IpAddress.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--vip: " + e.getMessage(), e);
    }
  }
}
