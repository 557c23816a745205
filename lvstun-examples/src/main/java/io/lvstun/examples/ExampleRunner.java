// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import io.lvstun.LvsException;
import io.lvstun.examples.lab.LabException;
import io.lvstun.examples.lab.Topology;
import io.lvstun.examples.lab.TopologyBuilder;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The main program that the examples have in common: options, cluster, verdict, exit status. */
final class ExampleRunner {

  private static final int SHOWN = 0;
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private final CommandSpec spec;
  private final Supplier<TopologyBuilder> cluster;
  private final Scenario scenario;

  /**
   * An example.
   *
   * @param name its class
   * @param purpose what it shows, in a sentence
   * @param cluster what it plays on
   * @param scenario what it does there
   */
  ExampleRunner(
      Class<?> name, String purpose, Supplier<TopologyBuilder> cluster, Scenario scenario) {
    this.cluster = cluster;
    this.scenario = scenario;
    this.spec = CommandSpec.create().name(name.getSimpleName());
    spec.usageMessage().description(purpose, "Runs in a guest of the lab.");
    spec.addOption(
        OptionSpec.builder("--driver")
            .paramLabel("netlink|ipvsadm")
            .type(String.class)
            .description("how to reach the kernel's IPVS (default: the best way that works)")
            .build());
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("this text").build());
  }

  /** Runs the example and ends the JVM. */
  void runAndExit(String... args) {
    // What the library logs appears among what the example says: on one line, without the date.
    System.setProperty("java.util.logging.SimpleFormatter.format", "   [%4$s: %5$s]%n");
    int status = run(System.out, System.err, args);
    System.out.flush();
    System.exit(status);
  }

  /**
   * Runs the example.
   *
   * @return the exit status: 0 if all came out as it should, 1 if not, 2 if the arguments are wrong
   */
  int run(PrintStream out, PrintStream err, String... args) {
    CommandLine line = new CommandLine(spec);
    CommandLine.ParseResult options;
    try {
      options = line.parseArgs(args);
      Optional<String> driver = Optional.ofNullable(options.matchedOptionValue("--driver", null));
      if (options.isUsageHelpRequested()) {
        line.usage(out);
        return SHOWN;
      }
      if (driver.isPresent() && !driver.get().matches("netlink|ipvsadm")) {
        err.println("--driver must be netlink or ipvsadm, not " + driver.get());
        return MISUSED;
      }
      return runOnNewCluster(driver, out, err);
    } catch (CommandLine.ParameterException e) {
      err.println(e.getMessage());
      line.usage(err);
      return MISUSED;
    }
  }

  private int runOnNewCluster(Optional<String> driver, PrintStream out, PrintStream err) {
    try (Topology topology = cluster.get().start()) {
      return run(new Stage(topology, driver, out), err);
    } catch (LabException e) {
      err.println(e.getMessage());
      return FAILED;
    }
  }

  /** Runs the example on a cluster that is up. */
  int run(Stage stage, PrintStream err) {
    String reason;
    try {
      String shown = scenario.play(stage);
      stage.say("");
      stage.say("VERDICT: it works. " + shown);
      return SHOWN;
    } catch (UnexpectedOutcomeException | LabException | LvsException e) {
      reason = String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reason = "interrupted";
    } catch (RuntimeException e) {
      e.printStackTrace(err);
      reason = e.toString();
    }
    stage.say("");
    stage.say("VERDICT: it does not work. " + reason);
    return FAILED;
  }
}
