// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A program of somebody else compiles and runs with what the artifacts bring and nothing more: on
 * the class path and on the module path, on the JDK of the build and on the newest of the machine,
 * without a warning. The drivers are found on both paths; whether they work here is not the point.
 */
class ConsumerTest {

  /** All lint, so that an annotation or a module that a consumer misses is noticed. */
  private static final List<String> COMPILER =
      List.of("-Xlint:all", "-Werror", "--release", "17", "-proc:none");

  @TempDir Path out;

  static Stream<Arguments> runtimes() {
    Set<Path> jdks = new LinkedHashSet<>();
    jdks.add(Path.of(System.getProperty("java.home")));
    jdks.add(Path.of(System.getProperty("lvstun.newest.java")).getParent().getParent());
    return jdks.stream()
        .flatMap(
            jdk -> Stream.of(Arguments.of(jdk, "class path"), Arguments.of(jdk, "module path")));
  }

  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("runtimes")
  void compilesAndRunsWithoutAWarning(Path jdk, String path) throws Exception {
    boolean modules = path.equals("module path");
    String libraries = libraries();
    Path sources = Path.of("src/test/resources/consumer");

    List<String> compile = new ArrayList<>(List.of(jdk.resolve("bin/javac").toString()));
    compile.addAll(COMPILER);
    compile.addAll(List.of(modules ? "--module-path" : "--class-path", libraries));
    compile.addAll(List.of("-d", out.toString()));
    compile.add(sources.resolve("app/Consumer.java").toString());
    if (modules) {
      compile.add(sources.resolve("module-info.java").toString());
    }
    assertThat(run(compile)).as("output of the compiler").isEmpty();

    List<String> run = new ArrayList<>(List.of(jdk.resolve("bin/java").toString()));
    if (modules) {
      run.addAll(List.of("--module-path", libraries + File.pathSeparator + out));
      run.add("--enable-native-access=com.sun.jna");
      run.addAll(List.of("--module", "consumer/app.Consumer"));
    } else {
      run.add("--enable-native-access=ALL-UNNAMED");
      run.addAll(List.of("--class-path", libraries + File.pathSeparator + out, "app.Consumer"));
    }
    run.addAll(List.of("ipvsadm", "netlink"));

    assertThat(run(run))
        .anySatisfy(line -> assertThat(line).startsWith("TCP 192.168.1.200:80 rr"))
        .anySatisfy(line -> assertThat(line).startsWith("ipvsadm: "))
        .anySatisfy(line -> assertThat(line).startsWith("netlink: "))
        .noneSatisfy(line -> assertThat(line).containsIgnoringCase("no driver of this name"))
        .noneSatisfy(line -> assertThat(line).containsIgnoringCase("warning"));
  }

  /** The runtime class path of this module without this module, and without the doctor's part. */
  private static String libraries() throws IOException {
    List<String> entries =
        Arrays.stream(
                Files.readString(Path.of("target/classpath")).strip().split(File.pathSeparator, -1))
            .filter(entry -> entry.matches(".*(lvstun-api|lvstun-netlink|commons-exec|/jna-).*"))
            .toList();
    assertThat(entries).as("api, netlink and what they bring").hasSize(4);
    return String.join(File.pathSeparator, entries);
  }

  private static List<String> run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
    assertThat(process.exitValue()).as("%s%n%s", command, String.join("\n", lines)).isZero();
    return lines;
  }
}
