// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import io.lvstun.LvsException;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import io.lvstun.host.HostException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A host that is a folder: the real script runs, in a real shell, with what it sees of a system
 * below the folder, and with stand-ins for {@code ip}, {@code modprobe}, {@code rmmod} and {@code
 * nft} that keep their state in files.
 */
public final class SandboxHost implements Host {

  private static final String IP =
      """
      #!/bin/sh
      # $B is the sandbox. Devices are files with up or down in them, and addresses lines of files.
      printf '%s\\n' "ip $*" >>"$B/calls"
      if [ -e "$B/fail" ] && printf '%s' "ip $*" | grep -q -f "$B/fail"; then
        echo "RTNETLINK answers: Operation not permitted" >&2
        exit 2
      fi
      case "$1 $2 $3" in
      'link show dev')
        [ -e "$B/dev/$4" ] || exit 1
        case $(cat "$B/dev/$4") in up) f=NOARP,UP,LOWER_UP ;; *) f=NOARP ;; esac
        echo "4: $4: <$f> mtu 1480 qdisc noqueue state UNKNOWN" ;;
      'link set dev') [ -e "$B/dev/$4" ] && echo "$5" >"$B/dev/$4" ;;
      'link show type')
        for each in "$B"/dev/*; do
          case ${each##*/} in tunl0) [ "$(cat "$each")" = up ] && echo "4: tunl0: <UP>" ;; esac
        done ;;
      'address show dev')
        [ -e "$B/dev/$4" ] || exit 1
        echo "4: $4: <NOARP> mtu 1480"
        sed "s/^/    inet /;s/\\$/ scope global $4/" "$B/addr/$4" 2>/dev/null
        exit 0 ;;
      'address add '*) grep -q -x -F "$3" "$B/addr/$5" 2>/dev/null && exit 2; echo "$3" >>"$B/addr/$5" ;;
      'address delete '*) grep -v -x -F "$3" "$B/addr/$5" >"$B/tmp"; cp "$B/tmp" "$B/addr/$5" ;;
      '-4 route show') cat "$B/default" ;;
      '-4 route change') shift 3; echo "$*" >"$B/default" ;;
      '-4 fou show' | '-6 fou show')
        # As the real one: whichever family it is asked for, it shows both.
        sed 's/^\\([0-9]*\\)/port \\1 gue/' "$B/fou" 2>/dev/null
        exit 0 ;;
      '-4 fou add') echo "$5" >>"$B/fou" ;;
      '-4 fou del') grep -v -x "$5" "$B/fou" >"$B/tmp"; cp "$B/tmp" "$B/fou" ;;
      'fou show '*) cat "$B/fou" 2>/dev/null; exit 0 ;;
      'netns identify '*) cat "$B/netns" 2>/dev/null; exit 0 ;;
      'netns list '*) exit 0 ;;
      *) echo "no stand-in for ip $*" >&2; exit 9 ;;
      esac
      """;

  private static final String MODPROBE =
      """
      #!/bin/sh
      printf '%s\\n' "modprobe $*" >>"$B/calls"
      if [ -e "$B/fail" ] && printf '%s' "modprobe $*" | grep -q -f "$B/fail"; then
        echo "modprobe: FATAL: Module $1 not found in directory" >&2
        exit 1
      fi
      mkdir -p "$B/sys/module/$1"
      if [ "$1" = ipip ]; then
        echo down >"$B/dev/tunl0"
        mkdir -p "$B/proc/sys/net/ipv4/conf/tunl0"
        echo 0 >"$B/proc/sys/net/ipv4/conf/tunl0/rp_filter"
      fi
      """;

  private static final String RMMOD =
      """
      #!/bin/sh
      printf '%s\\n' "rmmod $*" >>"$B/calls"
      # Somebody else is about it.
      if [ -e "$B/going" ]; then
        echo going >"$B/sys/module/$1/initstate"
        (sleep 1; rm -r "$B/sys/module/$1") >/dev/null 2>&1 &
        exit 1
      fi
      rmdir "$B/sys/module/$1" || exit 1
      # Somebody else was quicker.
      if [ -e "$B/late" ]; then exit 1; fi
      if [ "$1" = ipip ]; then rm -f "$B/dev/tunl0"; fi
      """;

  private static final String NFT =
      """
      #!/bin/sh
      # One chain: inet filter input; a line is a rule, its number the handle.
      printf '%s\\n' "nft $*" >>"$B/calls"
      case "$*" in
      '-a list chain inet filter input') cat "$B/nft" ;;
      'insert rule inet filter input '*) shift 5; n=$(wc -l <"$B/nft"); echo "$* # handle $((n + 7))" >>"$B/nft" ;;
      'delete rule inet filter input handle '*) grep -v "# handle $7\\$" "$B/nft" >"$B/tmp"; cp "$B/tmp" "$B/nft" ;;
      *) exit 1 ;;
      esac
      """;

  private final String name;
  private final Path folder;
  private final String shell;
  private Predicate<List<String>> dying = arguments -> false;
  private boolean dead;

  SandboxHost(String name, Path folder) {
    this(name, folder, "/bin/sh");
  }

  SandboxHost(String name, Path folder, String shell) {
    this.name = name;
    this.folder = folder;
    this.shell = shell;
    for (String each :
        List.of(
            "bin",
            "dev",
            "addr",
            "proc/self/ns",
            "proc/1/ns",
            "proc/sys/net/ipv4/conf/all",
            "sys/module",
            "etc",
            "var/lib")) {
      folder(each);
    }
    script("bin/ip", IP);
    script("bin/modprobe", MODPROBE);
    script("bin/rmmod", RMMOD);
    script("bin/nft", NFT);
    script("bin/sync", "#!/bin/sh\n");
    namespace("4026531840", "");
    write("proc/sys/net/ipv4/conf/all/arp_ignore", "0\n");
    write("proc/sys/net/ipv4/conf/all/arp_announce", "0\n");
    write("proc/sys/net/ipv4/conf/all/rp_filter", "1\n");
    write("dev/eth0", "up\n");
    write("dev/lo", "up\n");
    write("default", "default via 192.0.2.1 dev eth0 proto static \n");
    write("nft", "");
  }

  /** Adds a stand-in for systemctl that knows one unit and keeps whether it is enabled. */
  void systemctl() {
    script(
        "bin/systemctl",
        """
        #!/bin/sh
        case $1 in --root=*) shift ;; esac
        case $1 in
        is-enabled) cat "$B/unit" ;;
        enable | disable) echo "$1d" >"$B/unit" ;;
        *) exit 1 ;;
        esac
        """);
    write("unit", "disabled\n");
  }

  private void folder(String path) {
    try {
      Files.createDirectories(folder.resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void script(String path, String text) {
    write(path, text);
    try {
      Files.setPosixFilePermissions(
          folder.resolve(path), PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts the host into a network namespace; the name may be empty. */
  void namespace(String number, String name) {
    write("netns", name.isEmpty() ? "" : name + "\n");
    try {
      for (String process : List.of("self", "1")) {
        Path link = folder.resolve("proc/" + process + "/ns/net");
        Files.deleteIfExists(link);
        String target = process.equals("1") ? "4026531840" : number;
        Files.createSymbolicLink(link, Path.of("net:[" + target + "]"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String path, String text) {
    try {
      Files.createDirectories(folder.resolve(path).getParent());
      Files.writeString(folder.resolve(path), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read(String path) {
    try {
      return Files.exists(folder.resolve(path)) ? Files.readString(folder.resolve(path)) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path(String path) {
    return folder.resolve(path);
  }

  /** Commands that match this basic regular expression fail; empty for none. */
  void failing(String expression) {
    if (expression.isEmpty()) {
      folder.resolve("fail").toFile().delete();
    } else {
      write("fail", expression + "\n");
    }
  }

  /** The host dies when it is asked this, before it does it, and stays dead. */
  void dyingAt(Predicate<List<String>> arguments) {
    dying = arguments;
  }

  void revive() {
    dying = arguments -> false;
    dead = false;
  }

  /** All files but the stand-ins and what they noted, with their content. */
  List<String> state() {
    try (Stream<Path> files = Files.walk(folder)) {
      List<String> state = new ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String path = folder.relativize(file).toString();
        if (!path.matches("(bin/|var/).*|calls|tmp|fail")) {
          state.add(path + ": " + Files.readString(file).strip());
        }
      }
      return state;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String specification() {
    return "netns:" + name;
  }

  @Override
  public String label() {
    return name;
  }

  @Override
  public CommandResult run(HostCommand command) {
    List<String> arguments = new ArrayList<>(command.arguments());
    // What the script is asked, without shell and root.
    if (dead || dying.test(arguments.subList(5, arguments.size()))) {
      dead = true;
      throw new HostException(
          new LvsException.Failure(
              "run", specification(), "host", "connection lost", OptionalInt.empty(), ""));
    }
    arguments.remove(0);
    arguments.set(3, folder.toString());
    List<String> all =
        new ArrayList<>(
            List.of(
                "env",
                "B=" + folder,
                "PATH=" + folder.resolve("bin") + ":" + System.getenv("PATH")));
    all.addAll(List.of(shell.split(" ")));
    all.addAll(arguments);
    return Host.local()
        .run(new HostCommand(all, command.input(), command.deadline(), command.maxOutput()));
  }
}
