// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe.trace;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.CheckReturnValue;
import io.lvstun.DriverOptions;
import io.lvstun.ForeignText;
import io.lvstun.LvsException;
import io.lvstun.diagnostics.probe.PacketFilter;
import io.lvstun.diagnostics.probe.PacketSockets;
import io.lvstun.diagnostics.script.BundledText;
import io.lvstun.diagnostics.script.HostScripts;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostException;
import io.lvstun.spi.CapturedPacket;
import io.lvstun.spi.PacketSocket;
import io.lvstun.spi.PacketSocketProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shows the tunnels' packets that pass a host: what {@code tcpdump proto 4} shows, with the packet
 * inside, for every kind of tunnel that IPVS knows, and without tcpdump on hosts of this machine.
 * On hosts over ssh it is their tcpdump that captures; packets come when it has ended.
 *
 * <p>A filter in the kernel takes the tunnels' packets only. Nothing is changed on the host. Not
 * thread-safe.
 *
 * @since 0.1.0
 */
@CheckReturnValue
public final class PacketTrace {

  /** The UDP port for GUE that IANA has assigned, and that examples use. */
  public static final int GUE_PORT = 6080;

  private static final String SCRIPT = BundledText.beside(PacketTrace.class, "capture.sh");
  private static final int KEPT = 65535;
  private static final int MOST_PORTS = 64;
  private static final Duration USUAL = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final Duration LONGEST_REMOTE = Duration.ofMinutes(10);
  private static final Duration REMOTE_GRACE = Duration.ofSeconds(15);
  private static final int MOST_REMOTE_BYTES = 64 << 20;
  private static final Duration SLICE = Duration.ofMillis(200);

  private final Host host;
  private long count = Long.MAX_VALUE;
  private @Nullable Duration duration;
  private final Set<InetAddress> addresses = new LinkedHashSet<>();
  private final Set<Integer> guePorts = new TreeSet<>(Set.of(GUE_PORT));
  private @Nullable Path file;
  private @Nullable PacketSocketProvider provider;
  private Runnable started = () -> {};

  private PacketTrace(Host host) {
    this.host = host;
  }

  /**
   * Begins a trace that ends after 10 seconds.
   *
   * @param host where
   * @return the trace
   */
  public static PacketTrace on(Host host) {
    return new PacketTrace(host);
  }

  /**
   * States after how many packets it ends; any number by default.
   *
   * @param packets at least 1
   * @return this trace
   * @throws IllegalArgumentException if it is below 1
   */
  @CanIgnoreReturnValue
  public PacketTrace count(long packets) {
    if (packets < 1) {
      throw new IllegalArgumentException("count must be at least 1, not " + packets);
    }
    count = packets;
    return this;
  }

  /**
   * States after how long it ends. By default 10 seconds; if a number of packets is stated, the
   * longest time.
   *
   * @param duration 1 second to 24 hours, over ssh to 10 minutes
   * @return this trace
   * @throws IllegalArgumentException if it is out of range
   */
  @CanIgnoreReturnValue
  public PacketTrace duration(Duration duration) {
    Duration longest = longest();
    if (duration.compareTo(Duration.ofSeconds(1)) < 0 || duration.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "duration must be 1 s to "
              + longest.toSeconds()
              + " s, not "
              + duration.toMillis()
              + " ms");
    }
    this.duration = duration;
    return this;
  }

  private Duration longest() {
    return host.driverOptions().isPresent() ? LONGEST : LONGEST_REMOTE;
  }

  private Duration length() {
    Duration stated = duration;
    return stated != null ? stated : count == Long.MAX_VALUE ? USUAL : longest();
  }

  /**
   * Shows packets only whose inner packet is to or from an address. May be called again: one of the
   * addresses is enough then.
   *
   * @param address for example the VIP
   * @return this trace
   */
  @CanIgnoreReturnValue
  public PacketTrace concerning(InetAddress address) {
    addresses.add(address);
    return this;
  }

  /**
   * Takes UDP to a port for GUE, besides {@value #GUE_PORT}.
   *
   * @param port 1 to 65535; at most 64 of them
   * @return this trace
   * @throws IllegalArgumentException if it is out of range, or there are too many
   */
  @CanIgnoreReturnValue
  public PacketTrace guePort(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("gue-port must be 1 to 65535, not " + port);
    }
    if (guePorts.size() >= MOST_PORTS) {
      throw new IllegalArgumentException("there can be " + MOST_PORTS + " GUE ports at most");
    }
    guePorts.add(port);
    return this;
  }

  /**
   * Writes the packets to a file besides, in the format of tcpdump and Wireshark. It is made with
   * mode 0600, as packets hold what people say to each other.
   *
   * @param file a file that does not exist
   * @return this trace
   */
  @CanIgnoreReturnValue
  public PacketTrace pcap(Path file) {
    this.file = file;
    return this;
  }

  /**
   * States what is run when the capture has begun: packets sent after that are seen, on hosts of
   * this machine.
   *
   * @param listener the listener
   * @return this trace
   */
  @CanIgnoreReturnValue
  public PacketTrace onStart(Runnable listener) {
    started = listener;
    return this;
  }

  PacketTrace using(PacketSocketProvider provider) {
    this.provider = provider;
    return this;
  }

  /**
   * What a trace came to.
   *
   * @param packets how many packets it showed
   * @param lost how many it missed because they came too fast; unknown over ssh, and 0 then
   * @param remark what else to know, as a sentence; may be empty
   * @since 0.1.0
   */
  public record Summary(long packets, long lost, String remark) {}

  /**
   * Traces until the number or the time is reached, or the thread is interrupted.
   *
   * @param each gets each packet, in the order they passed
   * @return the summary
   * @throws LvsException if the host cannot capture: the reason says why, the hint how to go on
   * @throws UncheckedIOException if the file exists, or cannot be written
   */
  public Summary run(Consumer<TunnelPacket> each) {
    Path path = file;
    if (path == null) {
      return trace(each, packet -> {});
    }
    try (FileChannel out =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      write(out, Pcap.fileHeader());
      return trace(each, packet -> write(out, Pcap.record(packet)));
    } catch (FileAlreadyExistsException e) {
      throw new UncheckedIOException(
          "the file " + path + " exists already: name another, or remove it", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path + ": " + e.getMessage(), e);
    }
  }

  private static void write(FileChannel out, byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      while (buffer.hasRemaining()) {
        int unused = out.write(buffer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Summary trace(Consumer<TunnelPacket> each, Consumer<CapturedPacket> keep) {
    Optional<DriverOptions> here = host.driverOptions();
    return here.isPresent() ? local(here.get(), each, keep) : remote(each, keep);
  }

  private Summary local(
      DriverOptions options, Consumer<TunnelPacket> each, Consumer<CapturedPacket> keep) {
    PacketSocketProvider source = provider == null ? PacketSockets.provider() : provider;
    try (PacketSocket socket =
        source.open(options.namespace(), PacketFilter.tunnels(guePorts), KEPT)) {
      started.run();
      Map<Integer, String> names = new HashMap<>();
      long end = System.nanoTime() + length().toNanos();
      long shown = 0;
      while (shown < count && !Thread.currentThread().isInterrupted()) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          break;
        }
        Optional<CapturedPacket> captured =
            socket.receive(Duration.ofNanos(Math.min(left, SLICE.toNanos())));
        if (captured.isEmpty()) {
          continue;
        }
        int index = captured.get().device();
        String device =
            names.computeIfAbsent(index, key -> socket.deviceName(key).orElse("if" + key));
        if (show(captured.get(), device, each, keep)) {
          shown++;
        }
      }
      return new Summary(shown, socket.lost(), "");
    }
  }

  private boolean show(
      CapturedPacket captured,
      String device,
      Consumer<TunnelPacket> each,
      Consumer<CapturedPacket> keep) {
    Optional<TunnelPacket> packet = TunnelPacket.of(captured, device, guePorts);
    if (packet.isEmpty()
        || !addresses.isEmpty() && addresses.stream().noneMatch(packet.get()::concerns)) {
      return false;
    }
    keep.accept(captured);
    each.accept(packet.get());
    return true;
  }

  private Summary remote(Consumer<TunnelPacket> each, Consumer<CapturedPacket> keep) {
    // The address is compared here, so the count is counted here when there is one.
    long wanted = addresses.isEmpty() && count <= Integer.MAX_VALUE ? count : 0;
    started.run();
    CommandResult result =
        host.run(
            HostScripts.command(
                    SCRIPT,
                    List.of(
                        Long.toString(length().toSeconds()), Long.toString(wanted), expression()))
                .deadline(length().plus(REMOTE_GRACE))
                .maxOutput(MOST_REMOTE_BYTES));
    List<CapturedPacket> packets = decode(result);
    long shown = 0;
    for (CapturedPacket captured : packets) {
      if (shown < count && show(captured, "", each, keep)) {
        shown++;
      }
    }
    String remark =
        result.truncated()
            ? "There were more packets than fit; the first are shown."
            : result.timedOut() ? "The host took too long; what came in time is shown." : "";
    return new Summary(shown, 0, remark);
  }

  private List<CapturedPacket> decode(CommandResult result) {
    String text = result.output();
    // A capture that was cut off ends within a line, or within four letters.
    String letters = text.replaceAll("[^A-Za-z0-9+/=]", "");
    letters = letters.substring(0, letters.length() / 4 * 4);
    try {
      byte[] file = Base64.getDecoder().decode(letters);
      if (file.length > 0) {
        return Pcap.read(file);
      }
    } catch (IllegalArgumentException e) {
      throw cannot("what its tcpdump wrote cannot be read: " + e.getMessage(), e);
    }
    String errors = result.errors().strip();
    throw cannot(errors.isEmpty() ? "tcpdump wrote nothing" : lastLine(errors), null);
  }

  private static String lastLine(String text) {
    String line = text.substring(text.lastIndexOf('\n') + 1);
    return line.length() > 200 ? line.substring(0, 200) : line;
  }

  private HostException cannot(String reason, @Nullable Exception cause) {
    LvsException.Failure failure =
        new LvsException.Failure(
            "capture packets",
            host.specification(),
            "host",
            ForeignText.printable(reason),
            OptionalInt.empty(),
            "Install tcpdump on the host and log in as root, or run lvstun-doctor there.");
    return cause == null ? new HostException(failure) : new HostException(failure, cause);
  }

  /** The filter of the kernel in tcpdump's language. Made of numbers only. */
  private String expression() {
    return "ip proto 4 or ip proto 41 or ip proto 47 or ip6 proto 4 or ip6 proto 41 or ip6 proto 47"
        + " or ip6 proto 60"
        + guePorts.stream().map(port -> " or udp dst port " + port).collect(Collectors.joining());
  }
}
