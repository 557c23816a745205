// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.DriverOptions;
import io.lvstun.ForeignText;
import io.lvstun.LvsException;
import io.lvstun.UnavailableException;
import io.lvstun.UnsupportedException;
import io.lvstun.spi.HeldNamespace;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.IpvsDriverProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Opens the driver that runs the {@code ipvsadm} program, for hosts where netlink cannot be used.
 *
 * <p>The program is the one that the system property {@value #PROPERTY} names by its absolute path;
 * else the first {@code ipvsadm} in {@code /usr/sbin}, {@code /sbin}, {@code /usr/local/sbin},
 * {@code /usr/bin}, {@code /bin} and the absolute folders of the environment's {@code PATH}. It
 * must be version 1.28 or newer; before 1.31 tunnel types are missing. Another network namespace is
 * entered with {@code nsenter} of util-linux, which needs CAP_SYS_ADMIN.
 *
 * @since 0.1.0
 */
public final class IpvsadmDriverProvider implements IpvsDriverProvider {

  /** The system property that names the program: {@value}. */
  public static final String PROPERTY = "lvstun.ipvsadm";

  private static final List<String> FOLDERS =
      List.of("/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/bin", "/bin");
  private static final Program.Purpose OPEN = new Program.Purpose("open", "");
  private static final int FIRST_THAT_WORKS = 1028;
  private static final int FIRST_WITH_TUNNELS = 1031;
  private static final Pattern VERSION =
      Pattern.compile("ipvsadm v(\\d{1,4})\\.(\\d{1,4})(?:\\D.*)?");

  /** Makes the provider. */
  public IpvsadmDriverProvider() {}

  @Override
  public String name() {
    return IpvsadmDriver.NAME;
  }

  @Override
  public int priority() {
    return 50;
  }

  @Override
  public IpvsDriver open(DriverOptions options) {
    Path program = program();
    if (options.namespace().isEmpty()) {
      List<String> words = List.of(program.toString());
      return open(new Program(words, program.toString(), options.deadline()), null);
    }
    HeldNamespace namespace = HeldNamespace.open(options.namespace().get(), IpvsadmDriver.NAME);
    try {
      List<String> entering = entering(namespace);
      List<String> words = new ArrayList<>(entering);
      words.add(program.toString());
      return open(
          new Program(words, program.toString(), options.deadline(), namespace),
          cat(entering, options));
    } catch (RuntimeException | Error e) {
      namespace.close();
      throw e;
    }
  }

  private static IpvsDriver open(Program ipvsadm, @Nullable Program cat) {
    Program.Result probe = probe(ipvsadm);
    return new IpvsadmDriver(
        ipvsadm,
        cat,
        version(probe.text()) >= FIRST_WITH_TUNNELS,
        RestoreBatch.understood(probe.error()));
  }

  private static Program cat(List<String> entering, DriverOptions options) {
    List<String> words = new ArrayList<>(entering);
    words.add(find("cat").orElseThrow(() -> unavailable("cat", "coreutils")).toString());
    return new Program(words, "cat", options.deadline());
  }

  private static Path program() {
    String chosen = System.getProperty(PROPERTY);
    if (chosen == null) {
      return find("ipvsadm").orElseThrow(() -> unavailable("ipvsadm", "ipvsadm"));
    }
    Optional<Path> path = path(chosen).filter(Path::isAbsolute).filter(Files::isExecutable);
    return path.orElseThrow(
        () ->
            new UnavailableException(
                Program.failure(
                    OPEN,
                    "the system property "
                        + PROPERTY
                        + " does not name a program that can be run: "
                        + ForeignText.printable(chosen),
                    "Set it to the absolute path of ipvsadm, or remove it")));
  }

  private static UnavailableException unavailable(String program, String debianPackage) {
    return new UnavailableException(
        Program.failure(
            OPEN,
            program + " is not installed",
            "Install the package "
                + debianPackage
                + ": apt-get install "
                + debianPackage
                + ", or dnf install "
                + debianPackage));
  }

  private static Optional<Path> find(String program) {
    Set<String> folders = new LinkedHashSet<>(FOLDERS);
    String path = System.getenv("PATH");
    if (path != null) {
      folders.addAll(List.of(path.split(":", -1)));
    }
    return folders.stream()
        .filter(folder -> folder.startsWith("/"))
        .flatMap(folder -> path(folder + '/' + program).stream())
        .filter(candidate -> Files.isRegularFile(candidate) && Files.isExecutable(candidate))
        .findFirst();
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** By the descriptor, not by the name, which may come to stand for another namespace. */
  private static List<String> entering(HeldNamespace namespace) {
    Path nsenter = find("nsenter").orElseThrow(() -> unavailable("nsenter", "util-linux"));
    return List.of(nsenter.toString(), "--net=" + namespace.path(), "--");
  }

  /** Asks for the version; to answer, ipvsadm initialises IPVS, and so proves access. */
  private static Program.Result probe(Program ipvsadm) {
    Program.Result result =
        ipvsadm.runWithInput(
            OPEN,
            List.of("-R"),
            (RestoreBatch.probe() + "-v\n").getBytes(StandardCharsets.US_ASCII));
    if (result.exitCode() != 0) {
      throw Refusals.of(OPEN, result.exitCode(), result.error());
    }
    return result;
  }

  /** The version as 1000 × major + minor. */
  private static int version(String text) {
    Matcher matcher = VERSION.matcher(text.stripTrailing());
    if (!matcher.matches()) {
      throw new LvsException(
          Program.failure(
              OPEN,
              "the program does not print its version as ipvsadm does: "
                  + ForeignText.printable(text.strip()),
              "Set the system property " + PROPERTY + " to the path of ipvsadm"));
    }
    int version = 1000 * Integer.parseInt(matcher.group(1)) + Integer.parseInt(matcher.group(2));
    if (version < FIRST_THAT_WORKS) {
      throw new UnsupportedException(
          Program.failure(
              OPEN,
              "ipvsadm " + matcher.group(1) + '.' + matcher.group(2) + " is too old",
              "Install ipvsadm 1.31; 1.28 is the oldest that works"));
    }
    return version;
  }
}
