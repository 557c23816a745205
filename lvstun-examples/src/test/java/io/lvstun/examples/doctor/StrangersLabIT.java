// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.examples.doctor.DoctorRun.Found;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A director whose table also holds the services of others, as kube-proxy's, and two farms. */
class StrangersLabIT {

  private Patient patient;

  @BeforeEach
  void start() {
    patient = Patient.routed();
    patient.apply(Service.IPIP);
    // Services of others by masquerading, one without a server; a second farm on rs2 alone.
    patient
        .cluster()
        .director()
        .run(
            "sh",
            "-ec",
            "{ for i in $(seq 1 60); do"
                + " echo \"-A -t 10.96.0.$i:443 -s rr\";"
                + " echo \"-a -t 10.96.0.$i:443 -r 192.168.1.100:6443 -m\"; done;"
                + " echo '-A -u 10.96.0.10:53 -s rr';"
                + " echo '-a -u 10.96.0.10:53 -r 10.244.0.2:53 -m -w 0';"
                + " echo '-A -t 10.96.1.1:80 -s rr';"
                + " echo '-A -t 192.168.1.201:80 -s rr';"
                + " echo '-a -t 192.168.1.201:80 -r 192.168.3.102:80 -i'; } | ipvsadm -R;"
                + " ip address add 192.168.1.201/32 dev eth0");
    patient.cluster().realServer(2).run("ip", "address", "add", "192.168.1.201/32", "dev", "tunl0");
  }

  @AfterEach
  void end() {
    patient.cluster().director().exec("ipvsadm", "-C");
    patient.close();
  }

  private String state() {
    String table = patient.cluster().director().run("ipvsadm", "-S", "-n");
    String one = patient.cluster().realServer(1).run("ip", "address", "show", "dev", "tunl0");
    String two = patient.cluster().realServer(2).run("ip", "address", "show", "dev", "tunl0");
    return table + one + two;
  }

  private static List<String> wrong(List<Found> found) {
    return found.stream().filter(Found::wrong).map(Found::toString).toList();
  }

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void areNeitherJudgedNorChanged() {
    assertThat(patient.flows(Traffic.REQUESTS)).isTrue();
    assertThat(Patient.untrue(patient.check(patient.everybody(), "--sample", "0s", "--no-probes")))
        .isEmpty();

    // What is broken of one's own is repaired, and nothing else.
    String before = state();
    patient.cluster().realServer(1).run("ip", "address", "del", "192.168.1.200/32", "dev", "tunl0");
    DoctorRun run =
        patient.doctor(
            List.of("director", "rs1", "rs2"),
            "check",
            "--sample",
            "0s",
            "--no-probes",
            "--fix",
            "-y",
            "--disruptive");
    assertThat(run.out() + run.err())
        .contains("192.168.1.200/32")
        .doesNotContain("10.96.", "10.244.", "192.168.1.201/32");
    assertThat(state()).isEqualTo(before);
  }

  @Test
  void servicesThatAreNamedLimitWhatIsJudged() {
    patient.cluster().realServer(2).run("ip", "address", "del", "192.168.1.201/32", "dev", "tunl0");
    List<Found> all = patient.check(patient.everybody(), "--sample", "0s", "--no-probes");
    assertThat(wrong(all)).anyMatch(found -> found.contains("TUN-002 rs2"));
    List<Found> one =
        patient.check(
            patient.everybody(), "--sample", "0s", "--no-probes", "-s", "192.168.1.200:80");
    assertThat(wrong(one)).noneMatch(found -> found.contains("TUN-002"));
    patient.cluster().realServer(2).run("ip", "address", "add", "192.168.1.201/32", "dev", "tunl0");
  }
}
