// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.Command;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.netlink.message.Netlink;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Writes commands as messages: 256 servers of IPv4, as many of IPv6, as many services. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EncodeBenchmark {

  static final int COMMANDS = 256;

  private static final int FAMILY = 28;

  private final MessageWriter writer =
      new MessageWriter(new byte[COMMANDS * Encoder.LONGEST_MESSAGE]);
  private final Encoder encoder = new Encoder();
  private final Command[] servers = new Command[COMMANDS];
  private final Command[] servers6 = new Command[COMMANDS];
  private final Command[] services = new Command[COMMANDS];

  /** Makes the commands. */
  public EncodeBenchmark() {
    ServiceKey key = ServiceKey.tcp("10.0.0.1", 80);
    for (int i = 0; i < COMMANDS; i++) {
      servers[i] = new Command.AddServer(key, server("172.16.0." + i));
      servers6[i] = new Command.AddServer(key, server("fd00::" + Integer.toHexString(i + 1)));
      services[i] =
          new Command.AddService(
              VirtualService.tcp("10.0.1." + i, 80).scheduler(Scheduler.RR).withoutRealServers());
    }
  }

  private static RealServer server(String address) {
    return RealServer.of(IpAddress.parse(address), Forwarding.TUNNEL).port(80);
  }

  /** Adds servers with IPv4 addresses. */
  @Benchmark
  @OperationsPerInvocation(COMMANDS)
  public int servers() {
    return encode(servers);
  }

  /** Adds servers with IPv6 addresses. */
  @Benchmark
  @OperationsPerInvocation(COMMANDS)
  public int serversOfIpv6() {
    return encode(servers6);
  }

  /** Adds services. */
  @Benchmark
  @OperationsPerInvocation(COMMANDS)
  public int services() {
    return encode(services);
  }

  private int encode(Command[] commands) {
    writer.clear();
    for (int i = 0; i < commands.length; i++) {
      encoder.command(writer, FAMILY, Netlink.NLM_F_REQUEST, i, commands[i]);
    }
    return writer.length();
  }
}
