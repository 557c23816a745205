// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.VirtualService;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import io.lvstun.host.HostException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundleTest {

  private static Cluster cluster() {
    return Clusters.of(
        Topology.builder()
            .director("director", Host.netns("director"))
            .realServer("rs", Host.ssh("root@rs:2222"), "192.168.1.101")
            .vantage("client", Host.local())
            .service("udp:192.168.1.200:53")
            .service("fwmark:7")
            .service("fd00::200")
            .desired(
                VirtualService.tcp("192.168.1.200", 80)
                    .addRealServer("192.168.1.101")
                    .weight(3)
                    .thresholds(10, 5)
                    .tunnel())
            .build(),
        Recorded.facts("json-director"),
        Recorded.facts("json-rs1"),
        HostFacts.unreachable("local", Instant.EPOCH, Duration.ZERO, "it is away"));
  }

  private static byte[] written(Cluster cluster) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Bundle.write(cluster, out);
    return out.toByteArray();
  }

  private static Cluster read(byte[] bytes) throws IOException {
    return Bundle.read(new ByteArrayInputStream(bytes));
  }

  private interface Writing {
    void to(ZipOutputStream zip) throws IOException;
  }

  private static byte[] archive(Writing writing) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      writing.to(zip);
    }
    return out.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] withManifest(String manifest) throws IOException {
    return archive(
        zip -> put(zip, "lvstun-bundle/manifest.json", manifest.getBytes(StandardCharsets.UTF_8)));
  }

  private static void refused(byte[] bytes, String reason) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(bytes))
        .withMessageContaining(reason);
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    Cluster cluster = cluster();
    Cluster again = read(written(cluster));
    assertThat(again.topology().services()).isEqualTo(cluster.topology().services());
    assertThat(again.topology().addresses()).isEqualTo(cluster.topology().addresses());
    assertThat(again.topology().desired()).isEqualTo(cluster.topology().desired());
    assertThat(again.members()).hasSize(3);
    for (Member member : cluster.members()) {
      Member same = again.member(member.name()).orElseThrow();
      assertThat(same.node().roles()).isEqualTo(member.node().roles());
      assertThat(same.node().addresses()).isEqualTo(member.node().addresses());
      assertThat(same.node().host().specification())
          .isEqualTo(member.node().host().specification());
      assertThat(same.facts().toJson()).isEqualTo(member.facts().toJson());
    }
  }

  @Test
  void theSameIsFoundInABundle() throws IOException {
    List<String> before =
        Doctor.analyse(cluster()).findings().stream().map(Finding::toString).toList();
    List<String> after =
        Doctor.analyse(read(written(cluster()))).findings().stream()
            .map(Finding::toString)
            .toList();
    assertThat(after).isEqualTo(before);
  }

  @Test
  void theSameFactsGiveTheSameBytes() throws IOException {
    assertThat(written(cluster())).isEqualTo(written(cluster()));
  }

  @Test
  void toolsForZipListAndUnpackIt(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("b.zip"), written(cluster()));
    List<String> names = new ArrayList<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      zip.stream().map(ZipEntry::getName).forEach(names::add);
    }
    assertThat(names)
        .containsExactly(
            "lvstun-bundle/manifest.json",
            "lvstun-bundle/hosts/0.json",
            "lvstun-bundle/hosts/1.json",
            "lvstun-bundle/hosts/2.json");
    jar(folder, "--extract", "--file", file.toString());
    assertThat(folder.resolve("lvstun-bundle/hosts/0.json"))
        .content(StandardCharsets.UTF_8)
        .isEqualTo(cluster().members().get(0).facts().toJson());
  }

  @Test
  void whatAnotherToolPackedAgainIsRead(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("b.zip"), written(cluster()));
    jar(folder, "--extract", "--file", file.toString());
    Path again = folder.resolve("again.zip");
    jar(folder, "--create", "--no-manifest", "--file", again.toString(), "lvstun-bundle");
    assertThat(read(Files.readAllBytes(again)).members()).hasSize(3);
  }

  private static void jar(Path folder, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "jar").toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  @Test
  void nothingRunsOnAHostOfABundle() throws IOException {
    Host host = read(written(cluster())).members().get(0).node().host();
    assertThatThrownBy(() -> host.run(HostCommand.of(List.of("id"))))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("bundle");
  }

  // ---- hostile input ----

  @Test
  void whatIsNoBundleIsRefused() throws IOException {
    refused(new byte[0], "no manifest.json");
    refused("hello".getBytes(StandardCharsets.UTF_8), "not a bundle");
    refused(Arrays.copyOf(written(cluster()), 40), "ends too early");
    refused(archive(zip -> zip.setComment("empty")), "no manifest.json");
    refused(withManifest("{"), "not JSON");
    refused(withManifest("[]"), "another format");
    refused(withManifest("{\"format\":\"lvstun-bundle\",\"version\":2}"), "use a newer release");
    refused(withManifest("{\"format\":\"lvstun-bundle\"}"), "version 0");
    refused(withManifest("{\"format\":\"lvstun-bundle\",\"version\":1}"), "topology");
    refused(withManifest("[".repeat(5000)), "not JSON");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc/cron.d/x",
        "/etc/passwd",
        "lvstun-bundle/../x",
        "lvstun-bundle/hosts/../../x",
        "lvstun-bundle/hosts/0.json\u001b[31m",
        "hosts/x.json"
      })
  void pathsThatLeadElsewhereAreRefused(String path) throws IOException {
    byte[] bytes = archive(zip -> put(zip, path, new byte[3]));
    refused(bytes, "bundles have no file");
    assertThatThrownBy(() -> read(bytes)).message().doesNotContain("\u001b");
  }

  @Test
  void bombsAreRefusedBeforeTheyAreUnpacked() throws IOException {
    byte[] zeros = new byte[32 << 20];
    byte[] large =
        archive(
            zip -> {
              zip.putNextEntry(new ZipEntry("lvstun-bundle/hosts/0.json"));
              for (int i = 0; i < 3; i++) {
                zip.write(zeros);
              }
              zip.closeEntry();
            });
    assertThat(large).hasSizeLessThan(1 << 20);
    refused(large, "larger than");
    byte[] many =
        archive(
            zip -> {
              for (int i = 0; i < 9; i++) {
                put(zip, "lvstun-bundle/hosts/" + i + ".json", zeros);
              }
            });
    assertThat(many).hasSizeLessThan(1 << 20);
    refused(many, "larger than 256 MiB");
  }

  @Test
  void aFileThatIsThereTwiceIsRefused() throws IOException {
    refused(
        archive(
            zip -> {
              put(zip, "lvstun-bundle/hosts/0.json", new byte[1]);
              put(zip, "./lvstun-bundle/hosts/0.json", new byte[1]);
            }),
        "a file twice");
  }

  @Test
  void everyCutIsRefused() throws IOException {
    byte[] whole = written(cluster());
    Random random = new Random(7);
    for (int i = 0; i < 50; i++) {
      byte[] cut = Arrays.copyOf(whole, random.nextInt(whole.length - 600));
      assertThatIllegalArgumentException().isThrownBy(() -> read(cut));
    }
  }

  @Test
  void everyDamageIsRefusedOrHarmless() throws IOException {
    byte[] whole = written(cluster());
    long seed = Long.getLong("lvstun.seed", new Random().nextLong());
    Random random = new Random(seed);
    List<Throwable> strange = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      byte[] damaged = whole.clone();
      for (int j = 0; j <= random.nextInt(4); j++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(read(damaged).members()).isNotEmpty();
      } catch (IllegalArgumentException | IOException e) {
        // As documented.
      } catch (RuntimeException e) {
        strange.add(e);
      }
    }
    assertThat(strange).as("seed " + seed).isEmpty();
  }

  @Test
  void hostsOfABundleCannotPoseAsOthers() throws IOException {
    String host =
        "{\"name\":\"%s\",\"host\":\"local\",\"roles\":[\"%s\"],\"facts\":\"hosts/0.json\"}";
    String head = "{\"format\":\"lvstun-bundle\",\"version\":1,\"hosts\":[";
    refused(withFacts(head + host.formatted("a b", "director") + "]}"), "name must be");
    refused(withFacts(head + host.formatted("cluster", "director") + "]}"), "name must be");
    refused(withFacts(head + host.formatted("a", "king") + "]}"), "no role");
    refused(
        withFacts(
            head + host.formatted("a", "director") + "," + host.formatted("b", "director") + "]}"),
        "two hosts of the bundle are the same");
  }

  private static byte[] withFacts(String manifest) throws IOException {
    byte[] facts = Recorded.facts("json-rs1").toJson().getBytes(StandardCharsets.UTF_8);
    return archive(
        zip -> {
          put(zip, "lvstun-bundle/manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
          put(zip, "lvstun-bundle/hosts/0.json", facts);
        });
  }
}
