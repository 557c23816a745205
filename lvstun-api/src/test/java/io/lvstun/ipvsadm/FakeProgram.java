// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** Shell scripts that stand for ipvsadm. */
final class FakeProgram {

  /** What ipvsadm 1.31 does with the lines that show how far a batch is. */
  static final String UNDERSTANDING =
      """
      understand() {
        case "$1" in
          "-L --lvstun-mark-"*) echo "${1#-L }: unknown option" >&2 ;;
          -v) echo 'ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)' ;;
          *) return 1 ;;
        esac
      }
      """;

  private FakeProgram() {}

  /** Writes a script into a folder and returns its path. */
  static Path script(Path folder, String body) {
    try {
      Path path = folder.resolve("ipvsadm");
      Files.writeString(path, "#!/bin/sh\n" + body);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      return path;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Program program(Path folder, String body, Duration deadline) {
    return new Program(List.of(script(folder, body).toString()), "ipvsadm", deadline);
  }

  /** A driver on a script that reads {@code ipvsadm -R}'s lines, in the variable {@code line}. */
  static IpvsadmDriver driver(Path folder, String forEachLine, Duration deadline) {
    String body =
        UNDERSTANDING
            + """
            if [ "$1" = -R ]; then
              while read -r line; do
                understand "$line" || {
            """
            + forEachLine
            + """

                }
              done
              exit 0
            fi
            line="$*"
            # No service has an engine without being persistent.
            [ "$line" = '-S -n' ] && exit 0
            """
            + forEachLine
            + "\n";
    return new IpvsadmDriver(program(folder, body, deadline), null, true, true);
  }
}
