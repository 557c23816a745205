// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import io.lvstun.Director;
import io.lvstun.Encapsulation;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.Examination;
import io.lvstun.diagnostics.repair.Preparation;
import io.lvstun.diagnostics.repair.Profile;
import io.lvstun.diagnostics.repair.Repair;
import io.lvstun.diagnostics.repair.RepairPlan;
import io.lvstun.diagnostics.repair.RepairResult;
import io.lvstun.diagnostics.repair.Undo;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.host.AppliedChange;
import io.lvstun.host.Host;
import io.lvstun.host.InstallFile;
import io.lvstun.host.Risk;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns bare hosts into the tutorial's cluster, repairs it when something breaks, and takes all of
 * it back. The hosts are given; how to reach them is up to the caller.
 */
public final class PrepareHostsExample {

  private PrepareHostsExample() {}

  /**
   * Prepares a cluster.
   *
   * @param director the director
   * @param rs1 a real server
   * @param rs2 another one
   * @return what was done
   */
  public static List<StepResult> prepare(Host director, Host rs1, Host rs2) {
    List<StepResult> done = new ArrayList<>();
    // tag::prepare[]
    // Real servers first: one that a director sends to must have the address.
    done.addAll(Preparation.realServer(rs1).vip("192.168.1.200").apply());
    done.addAll(Preparation.realServer(rs2).vip("192.168.1.200").apply());
    done.addAll(
        Preparation.director(director).vip("192.168.1.200").schedulers(Scheduler.RR).apply());
    // end::prepare[]
    return done;
  }

  /**
   * Makes the service.
   *
   * @param director a director of the prepared host
   */
  public static void serve(Director director) {
    // tag::serve[]
    director.apply(
        VirtualService.tcp("192.168.1.200", 80)
            .scheduler(Scheduler.RR)
            .addRealServer("192.168.2.101")
            .tunnel()
            .addRealServer("192.168.3.102")
            .tunnel());
    // end::serve[]
  }

  /**
   * Installs a file of nftables, if nft accepts it.
   *
   * @param host where
   * @param path the file
   * @param text the rules
   * @return what undoes it
   */
  public static AppliedChange install(Host host, String path, String text) {
    // tag::install[]
    AppliedChange installed =
        InstallFile.of(path, text).check("nft", "-c", "-f", InstallFile.COPY).apply(host);
    // end::install[]
    return installed;
  }

  /**
   * Takes back what {@link #install} did.
   *
   * @param installed what it did
   */
  public static void undoInstall(AppliedChange installed) {
    // tag::undo-install[]
    installed.undo(); // content, permissions, owner and time as they were
    // end::undo-install[]
  }

  /**
   * Returns what would be done to a real server for GUE tunnels under load. Nothing is changed.
   *
   * @param server the real server
   * @return the plan
   */
  public static RepairPlan planForGue(Host server) {
    // tag::plan[]
    RepairPlan plan =
        Preparation.realServer(server)
            .vip("192.168.1.200")
            .encapsulation(Encapsulation.gue(6080))
            .profile(Profile.PERFORMANCE)
            .plan();
    plan.steps().forEach(System.out::println); // nothing has changed yet
    // end::plan[]
    return plan;
  }

  /**
   * Takes a cluster's preparation back.
   *
   * @param director the director
   * @param rs1 a real server
   * @param rs2 another one
   * @return what was done
   */
  public static List<StepResult> unprepare(Host director, Host rs1, Host rs2) {
    List<StepResult> done = new ArrayList<>();
    // tag::unprepare[]
    done.addAll(Preparation.director(director).unprepare());
    done.addAll(Preparation.realServer(rs2).unprepare());
    done.addAll(Preparation.realServer(rs1).unprepare());
    // end::unprepare[]
    return done;
  }

  /**
   * Finds what is wrong with a cluster and repairs it.
   *
   * @param topology the cluster
   * @return what was done, and what is found then
   */
  public static RepairResult repair(Topology topology) {
    // tag::repair[]
    Examination examination = Doctor.examine(topology);
    Repair repair = Repair.of(examination).allowing(Risk.ADDRESS, Risk.FIREWALL);
    System.out.println(repair.plan(examination.run())); // a dry run
    RepairResult result = repair.run();
    result.repaired().forEach(System.out::println);
    result.remaining().forEach(System.out::println);
    // end::repair[]
    return result;
  }

  /**
   * Takes back what was done last.
   *
   * @param topology the cluster
   * @return what became of each step
   */
  public static List<StepResult> undo(Topology topology) {
    // tag::undo[]
    Undo undo = Undo.on(topology);
    undo.runs().forEach(System.out::println);
    List<StepResult> steps = undo.latest();
    // end::undo[]
    return steps;
  }
}
