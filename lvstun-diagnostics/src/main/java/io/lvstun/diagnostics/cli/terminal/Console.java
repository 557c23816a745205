// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a command reads and writes, and what is on the other side.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param outIsTerminal whether a person reads the output as it comes
 * @param errIsTerminal whether a person reads the errors as they come
 * @param environment the environment, for {@code NO_COLOR} and {@code TERM}
 * @since 0.1.0
 */
public record Console(
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    Map<String, String> environment) {

  /** The console of this process. */
  public static Console ofProcess() {
    boolean outIsTerminal = isTerminal(1);
    return new Console(
        System.in,
        writer(FileDescriptor.out, outIsTerminal),
        writer(FileDescriptor.err, isTerminal(2)),
        outIsTerminal,
        isTerminal(2),
        System.getenv());
  }

  /** Text goes to a terminal in its own encoding, and to files and pipes in UTF-8. */
  private static PrintWriter writer(FileDescriptor descriptor, boolean terminal) {
    Charset charset = StandardCharsets.UTF_8;
    if (terminal) {
      String name = System.getProperty("native.encoding", "UTF-8");
      charset = Charset.isSupported(name) ? Charset.forName(name) : charset;
    }
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), charset), false);
  }

  /** The JDK tells only of both at once, and that differently in each release; the kernel knows. */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Whether to write in colour; see no-color.org. */
  public boolean colour() {
    return outIsTerminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  public void flush() {
    out.flush();
    err.flush();
  }
}
