// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.AddressFamily;
import io.lvstun.Capability;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.Forwarding;
import io.lvstun.LvsException;
import io.lvstun.NamespaceChangedException;
import io.lvstun.ProtocolException;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.UnsupportedException;
import io.lvstun.VirtualService;
import io.lvstun.rules.ListingTable;
import io.lvstun.rules.Loss;
import io.lvstun.rules.Rules;
import io.lvstun.rules.SettingsListing;
import io.lvstun.spi.Aftermath;
import io.lvstun.spi.ConnectionTable;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.KernelError;
import io.lvstun.spi.KernelLimits;
import io.lvstun.spi.Outcome;
import io.lvstun.state.Connection;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.ServiceState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reaches IPVS by running the {@code ipvsadm} program. Thread-safe.
 *
 * <p>The deadline holds for each command of a batch, and for reads while nothing comes: a list that
 * is being printed may take longer. Reading takes five lists, because none of ipvsadm has
 * everything; reading verified takes six and more. Where an engine's module is loaded, {@code -S}
 * is read too.
 *
 * <p>When a program is cut short, by an interrupt, the deadline or a signal of others, the table
 * tells what became of its command. An interrupt ends the batch: what was not begun is said to be
 * not tried, and the thread's interrupt status is set.
 */
final class IpvsadmDriver implements IpvsDriver {

  static final String NAME = "ipvsadm";

  private static final Path SERVICES_FILE = Path.of("/proc/net/ip_vs");
  private static final Path CONNECTIONS_FILE = Path.of("/proc/net/ip_vs_conn");

  /** How long stopping a sync daemon may take before a look tells whether it is gone. */
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(1);

  private static final Program.Purpose READ_SERVICES = new Program.Purpose("read services", "");
  private static final Program.Purpose READ_TIMEOUTS = new Program.Purpose("read timeouts", "");
  private static final Program.Purpose READ_DAEMONS = new Program.Purpose("read sync daemons", "");

  private final Program ipvsadm;
  private final @Nullable Program cat;
  private final Map<Capability, String> missing;
  private final Reader reader;
  private final Reader writersReader;
  private final LostOutcomes fates;
  private final @Nullable RestoreBatch batch;
  private final Set<Thread> writers = Collections.newSetFromMap(new IdentityHashMap<>());
  private volatile boolean closed;

  /**
   * Makes a driver.
   *
   * @param ipvsadm the program
   * @param cat prints files of the namespace; null to read them directly
   * @param tunnels whether the program knows tunnel types
   * @param batches whether it does what {@link RestoreBatch} needs
   */
  IpvsadmDriver(Program ipvsadm, @Nullable Program cat, boolean tunnels, boolean batches) {
    this.ipvsadm = ipvsadm;
    this.cat = cat;
    this.reader = new Reader(ipvsadm.copy(), cat, tunnels);
    this.writersReader = new Reader(ipvsadm, cat == null ? null : cat.copy(), tunnels);
    this.fates = new LostOutcomes(writersReader);
    this.batch = batches ? new RestoreBatch(ipvsadm, fates) : null;
    this.missing = Map.copyOf(missing(tunnels, batches));
  }

  private static Map<Capability, String> missing(boolean tunnels, boolean batches) {
    Map<Capability, String> missing = new EnumMap<>(Capability.class);
    missing.put(
        Capability.SERVER_COUNTERS_64_BIT,
        "ipvsadm truncates the counters of real servers at 2^32; the netlink driver reads all 64"
            + " bits");
    missing.put(
        Capability.FOREIGN_FORWARDING,
        "ipvsadm has no options for forwarding methods and tunnels that it does not know;"
            + " the netlink driver keeps them");
    missing.put(
        Capability.FOREIGN_NUMBERS,
        "ipvsadm takes weights up to 65535;" + " the netlink driver takes what the kernel takes");
    missing.put(
        Capability.FOREIGN_SETTINGS,
        "ipvsadm shows neither time-out and mask of services that are not persistent nor flag bits"
            + " without a name, and -E resets them; the netlink driver keeps them");
    if (!tunnels) {
      missing.put(
          Capability.TUNNEL_ENCAPSULATION,
          "ipvsadm before 1.31 neither shows nor sets tunnel types; install ipvsadm 1.31");
    }
    if (!batches) {
      missing.put(
          Capability.BATCHES,
          "this ipvsadm does not report on the lines of -R one by one; ipvsadm 1.31 does");
    }
    return missing;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<Capability, String> missing() {
    return missing;
  }

  // Changes

  @Override
  public List<Outcome> execute(List<Command> commands) {
    List<Command> all = List.copyOf(commands);
    synchronized (writers) {
      requireOpen();
      writers.add(Thread.currentThread());
    }
    try {
      return carryOut(all);
    } finally {
      synchronized (writers) {
        writers.remove(Thread.currentThread());
        writers.notifyAll();
      }
    }
  }

  private List<Outcome> carryOut(List<Command> all) {
    List<Outcome> outcomes = new ArrayList<>(all.size());
    if (all.isEmpty()) {
      return outcomes;
    }
    try {
      ipvsadm.requireNamespace(purpose(all.get(0)));
    } catch (NamespaceChangedException e) {
      return all.stream().map(command -> Outcome.failed(command, e.on(command))).toList();
    }
    while (outcomes.size() < all.size()) {
      if (Thread.currentThread().isInterrupted()) {
        // What ran was ended and looked at; nothing more is begun.
        notTried(all, outcomes);
        break;
      }
      int start = outcomes.size();
      int end = start;
      while (batch != null && end < all.size() && isBatchable(all.get(end))) {
        end++;
      }
      if (batch != null && end - start > 1) {
        RestoreBatch.Progress progress = batch.run(all.subList(start, end));
        outcomes.addAll(progress.outcomes());
        if (!progress.goOn() && !Thread.currentThread().isInterrupted()) {
          giveUp(all, outcomes);
        }
      } else {
        outcomes.add(executeOne(all.get(start)));
      }
    }
    return List.copyOf(outcomes);
  }

  private boolean isBatchable(Command command) {
    return !(command instanceof Command.StopDaemon)
        && KernelLimits.refusal(NAME, command).isEmpty()
        && obstacle(command).isEmpty();
  }

  /** The rest would fail in the same way, each after a deadline of its own. */
  private static void giveUp(List<Command> all, List<Outcome> outcomes) {
    LvsException last = outcomes.get(outcomes.size() - 1).failure().orElseThrow();
    while (outcomes.size() < all.size()) {
      Command command = all.get(outcomes.size());
      outcomes.add(
          Outcome.failed(
              command,
              new LvsException(
                  Program.failure(
                      new Program.Purpose(command.operation(), command.target()),
                      "not tried, because an earlier command failed: " + last.reason(),
                      last.hint()),
                  last)));
    }
  }

  private static void notTried(List<Command> all, List<Outcome> outcomes) {
    for (Command command : all.subList(outcomes.size(), all.size())) {
      outcomes.add(
          Outcome.failed(
              command,
              new LvsException(
                  Program.failure(
                      purpose(command), "not tried, because the thread was interrupted", ""))));
    }
  }

  private Outcome executeOne(Command command) {
    try {
      Optional<LvsException> obstacle =
          KernelLimits.refusal(NAME, command)
              .or(() -> obstacle(command).map(loss -> refusal(command, loss)));
      if (obstacle.isPresent()) {
        return Outcome.failed(command, obstacle.get());
      }
      return command instanceof Command.StopDaemon stop ? stop(stop) : run(command);
    } catch (LvsException e) {
      return Outcome.failed(command, e);
    }
  }

  private Optional<Loss> obstacle(Command command) {
    return Rules.obstacle(command)
        .or(
            () -> {
              if (command instanceof Command.AddService add) {
                return unreadable(add.service());
              }
              if (command instanceof Command.EditService edit) {
                return unreadable(edit.service());
              }
              return missing.containsKey(Capability.TUNNEL_ENCAPSULATION)
                      && Rules.arguments(command).contains("--tun-type")
                  ? Optional.of(new Loss(Loss.Kind.SERVER, command.target(), "it is too old"))
                  : Optional.empty();
            });
  }

  /** What the kernel would refuse is refused as by the kernel; the rest, other programs can do. */
  private LvsException refusal(Command command, Loss loss) {
    if (isInvalid(command)) {
      KernelError error =
          isPresentAsNeeded(command)
              ? KernelError.EINVAL
              : command instanceof Command.AddService ? KernelError.EEXIST : KernelError.ESRCH;
      return KernelError.refused(
          NAME, command, error.number(), Refusals.BAD_ARGUMENTS, loss.detail());
    }
    Capability capability =
        switch (loss.kind()) {
          case WEIGHT, THRESHOLDS -> Capability.FOREIGN_NUMBERS;
          case SETTINGS -> Capability.FOREIGN_SETTINGS;
          default ->
              missing.containsKey(Capability.TUNNEL_ENCAPSULATION)
                      && Rules.obstacle(command).isEmpty()
                  ? Capability.TUNNEL_ENCAPSULATION
                  : Capability.FOREIGN_FORWARDING;
        };
    String reason =
        loss.kind() == Loss.Kind.SERVICE || loss.kind() == Loss.Kind.PORT
            ? loss.detail()
            : missing.getOrDefault(capability, "") + " (" + loss.detail() + ')';
    return new UnsupportedException(
        Program.failure(purpose(command), reason, "Use the netlink driver"));
  }

  /** Whether ipvsadm does not let a command through to the kernel, which would refuse it too. */
  private static boolean isInvalid(Command command) {
    if (command instanceof Command.AddService add) {
      return hasInvalidMask(add.service());
    }
    if (command instanceof Command.EditService edit) {
      return hasInvalidMask(edit.service());
    }
    return command instanceof Command.AddServer add
        ? mixesFamilies(add.service(), add.server())
        : command instanceof Command.EditServer edit
            && mixesFamilies(edit.service(), edit.server());
  }

  private static boolean hasInvalidMask(VirtualService service) {
    AddressFamily family = service.key().family();
    return family == AddressFamily.IPV6
        && service
            .persistence()
            .map(persistence -> persistence.mask(family))
            .filter(mask -> mask < 1 || mask > 128)
            .isPresent();
  }

  private static boolean mixesFamilies(ServiceKey service, RealServer server) {
    return AddressFamily.of(server.address()) != service.family()
        && !(server.forwarding() instanceof Forwarding.Tunnel);
  }

  /** Whether the service is there, or is not for a command that adds it: the kernel looks first. */
  private boolean isPresentAsNeeded(Command command) {
    if (command instanceof Command.AddService add) {
      return writersReader.service(add.service().key()).isEmpty();
    }
    ServiceKey key =
        command instanceof Command.EditService edit
            ? edit.service().key()
            : command instanceof Command.AddServer add
                ? add.service()
                : ((Command.EditServer) command).service();
    return writersReader.service(key).isPresent();
  }

  /** A plan that wrote what ipvsadm does not show would never come to rest. */
  private static Optional<Loss> unreadable(VirtualService service) {
    Scheduler scheduler = service.scheduler();
    boolean hashing = scheduler.name().equals("sh") || scheduler.name().equals("mh");
    return hashing
            && scheduler.flags().size() > 1
            && scheduler.flags().contains(SchedulerFlag.FLAG_3)
        ? Optional.of(
            new Loss(
                Loss.Kind.SERVICE,
                service.key().toString(),
                "ipvsadm does not show the third flag of " + scheduler.name()))
        : Optional.empty();
  }

  private static Program.Purpose purpose(Command command) {
    return new Program.Purpose(command.operation(), command.target());
  }

  private Outcome run(Command command) {
    try {
      return outcome(
          command, ipvsadm.change(purpose(command), Rules.arguments(command), ipvsadm.deadline()));
    } catch (Program.CutShort e) {
      return fates.of(command, e.event());
    }
  }

  private Outcome outcome(Command command, Program.Result result) {
    if (result.exitCode() == 0) {
      return Outcome.done(command);
    }
    if (result.exitCode() < 0 || result.exitCode() >= 128 && result.error().isBlank()) {
      return fates.of(command, "ipvsadm died (exit code " + result.exitCode() + ") meanwhile");
    }
    return Outcome.failed(command, Refusals.of(command, result.exitCode(), result.error()));
  }

  /**
   * Stops a sync daemon. The kernel never answers the request if the daemon has just been started
   * (kthread_stop() of a thread that has not run yet returns EINTR, which suppresses the
   * acknowledgement), and ipvsadm waits for ever; a look shows that the daemon is gone.
   */
  private Outcome stop(Command.StopDaemon command) {
    if (ipvsadm.deadline().compareTo(STOP_PATIENCE) <= 0) {
      return run(command);
    }
    try {
      return outcome(
          command, ipvsadm.change(purpose(command), Rules.arguments(command), STOP_PATIENCE));
    } catch (Program.CutShort e) {
      if (Thread.currentThread().isInterrupted()) {
        return fates.of(command, e.event());
      }
      if (writersReader.syncDaemons().stream()
          .noneMatch(daemon -> daemon.role() == command.role())) {
        return Outcome.done(command);
      }
      return run(command);
    }
  }

  // Reads

  @Override
  public List<ServiceState> services(Consistency consistency) {
    requireUsable(READ_SERVICES);
    return reader.tables.all(consistency);
  }

  @Override
  public Optional<ServiceState> service(ServiceKey key) {
    requireUsable(new Program.Purpose(READ_SERVICES.operation(), key.toString()));
    return reader.service(key);
  }

  @Override
  public Timeouts timeouts() {
    requireUsable(READ_TIMEOUTS);
    return reader.timeouts();
  }

  @Override
  public List<SyncDaemon> syncDaemons() {
    requireUsable(READ_DAEMONS);
    return reader.syncDaemons();
  }

  @Override
  public IpvsInfo info() {
    Program.Purpose purpose = new Program.Purpose("read info", "");
    requireUsable(purpose);
    Program.Result result =
        reader.program.runForFirstLine(purpose, List.of("-L", "-n", "--nosort"));
    if (!result.output().satisfied() && result.exitCode() != 0) {
      throw Refusals.of(purpose, result.exitCode(), result.error());
    }
    return ListingTable.readInfo(result.output().stream(), purpose.operation());
  }

  @Override
  public Stream<Connection> connections() {
    Program.Purpose purpose = new Program.Purpose("read connections", "");
    requireUsable(purpose);
    return ConnectionTable.read(open(cat, purpose, CONNECTIONS_FILE), NAME);
  }

  /** Reads through one program: the callers' reads and those of writers are ended apart. */
  private static final class Reader implements Aftermath.Readings {

    private final Program program;
    private final @Nullable Program cat;
    private final ListingReader tables;

    Reader(Program program, @Nullable Program cat, boolean tunnels) {
      this.program = program;
      this.cat = cat;
      this.tables = new ListingReader(program, tunnels, this::foreignServices);
    }

    @Override
    public List<ServiceState> services() {
      return tables.all(Consistency.VERIFIED);
    }

    @Override
    public Optional<ServiceState> service(ServiceKey key) {
      if (Rules.obstacle(new Command.RemoveService(key)).isPresent()) {
        return services().stream().filter(state -> state.key().equals(key)).findFirst();
      }
      return tables.one(key);
    }

    @Override
    public Timeouts timeouts() {
      return read(READ_TIMEOUTS, "--timeout", SettingsListing::timeouts);
    }

    @Override
    public List<SyncDaemon> syncDaemons() {
      return read(READ_DAEMONS, "--daemon", SettingsListing::daemons);
    }

    private <T> T read(Program.Purpose purpose, String option, Function<String, T> reader) {
      Program.Result result = program.run(purpose, List.of("-L", option));
      if (result.exitCode() != 0) {
        throw Refusals.of(purpose, result.exitCode(), result.error());
      }
      try {
        return reader.apply(result.text());
      } catch (IllegalArgumentException e) {
        throw new ProtocolException(
            Program.failure(
                purpose,
                "what ipvsadm printed is malformed: " + e.getMessage(),
                "Check that the program is ipvsadm 1.28 to 1.31 (ipvsadm --version)"),
            e);
      }
    }

    private List<ServiceKey.Endpoint> foreignServices() {
      Program.Purpose purpose = new Program.Purpose("read services", "");
      try (InputStream input = open(cat, purpose, SERVICES_FILE)) {
        return ForeignService.parse(input);
      } catch (IOException e) {
        throw new LvsException(
            Program.failure(purpose, SERVICES_FILE + " cannot be read: " + e.getMessage(), ""), e);
      }
    }
  }

  private static InputStream open(@Nullable Program cat, Program.Purpose purpose, Path file) {
    if (cat != null) {
      return cat.stream(List.of(file.toString()));
    }
    try {
      return Files.newInputStream(file);
    } catch (NoSuchFileException e) {
      throw KernelError.refused(
          NAME,
          purpose.operation(),
          purpose.target(),
          KernelError.ENOENT.number(),
          KernelError.ENOENT.number(),
          file.toString());
    } catch (IOException e) {
      throw new LvsException(
          Program.failure(purpose, file + " cannot be read: " + e.getMessage(), ""), e);
    }
  }

  private void requireUsable(Program.Purpose purpose) {
    requireOpen();
    ipvsadm.requireNamespace(purpose);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the ipvsadm driver is closed");
    }
  }

  /**
   * Refuses further calls, kills the programs that read, and waits for batches under way: each ends
   * by its deadline with all its outcomes.
   */
  @Override
  public void close() {
    boolean interrupted = false;
    synchronized (writers) {
      closed = true;
      reader.program.close();
      if (cat != null) {
        cat.close();
      }
      while (writers.stream().anyMatch(writer -> writer != Thread.currentThread())) {
        try {
          writers.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    ipvsadm.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "ipvsadm driver";
  }
}
