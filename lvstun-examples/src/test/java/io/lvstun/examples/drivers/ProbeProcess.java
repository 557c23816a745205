// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import io.lvstun.ipvsadm.IpvsadmDriverProvider;
import io.lvstun.netlink.NetlinkDriverProvider;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Starts {@link DriverProbe} from a copy of its classes that every user may read. */
final class ProbeProcess {

  private final String folder;
  private final List<String> classPath = new ArrayList<>();

  ProbeProcess() {
    folder = DirectorNamespace.host("mktemp", "-d", "/tmp/probe.XXXXXX").strip();
    Set<Path> origins = new LinkedHashSet<>();
    for (String name :
        List.of(
            DriverProbe.class.getName(),
            NetlinkDriverProvider.class.getName(),
            IpvsadmDriverProvider.class.getName(),
            "com.sun.jna.Native",
            "org.apache.commons.exec.Executor",
            "org.jspecify.annotations.NullMarked")) {
      origins.add(origin(name));
    }
    for (Path origin : origins) {
      String copy = folder + "/" + classPath.size() + "-" + origin.getFileName();
      DirectorNamespace.host("cp", "-r", origin.toString(), copy);
      classPath.add(copy);
    }
    DirectorNamespace.host("chmod", "-R", "a+rX", folder);
  }

  private static Path origin(String className) {
    try {
      // Not initialised: that would load JNA's native library here.
      Class<?> found = Class.forName(className, false, ProbeProcess.class.getClassLoader());
      return Path.of(found.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns JNA's jar, or the copy of it. */
  String jnaJar() {
    return classPath.stream().filter(path -> path.contains("jna-")).findFirst().orElseThrow();
  }

  /** A command line: what goes before, the JVM, its options, the probe and its arguments. */
  String[] command(List<String> before, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>(before);
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.addAll(List.of("-cp", String.join(":", classPath), DriverProbe.class.getName()));
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  void delete() {
    DirectorNamespace.host("rm", "-r", folder);
  }
}
