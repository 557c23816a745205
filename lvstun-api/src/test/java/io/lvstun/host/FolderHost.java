// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * A host that is a folder: the real script runs in a real shell, sees the folder as its root, and
 * finds stand-ins for programs in {@code bin}. What runs before the script is {@code prefix}.
 */
final class FolderHost implements Host {

  private final Path root;
  private final List<String> prefix;

  FolderHost(Path root, String... prefix) {
    this.root = root;
    this.prefix = List.of(prefix);
    program("sync", "exit 0");
  }

  /** Puts a stand-in for a program; {@code $ROOT} is the folder. */
  FolderHost program(String name, String body) {
    Path file = write("bin/" + name, "#!/bin/sh\n" + body + "\n");
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  Path write(String path, String text) {
    try {
      Files.createDirectories(path(path).getParent());
      return Files.writeString(path(path), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read(String path) {
    try {
      return Files.readString(path(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path(String path) {
    return root.resolve(path);
  }

  @Override
  public String specification() {
    return "local";
  }

  @Override
  public String label() {
    return "folder";
  }

  @Override
  public CommandResult run(HostCommand command) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "env",
                "ROOT=" + root,
                "PATH=" + root.resolve("bin") + ":" + System.getenv("PATH")));
    arguments.addAll(prefix);
    arguments.addAll(command.arguments());
    arguments.set(arguments.indexOf("lvstun-change") + 1, root.toString());
    return Host.local()
        .run(new HostCommand(arguments, command.input(), command.deadline(), command.maxOutput()));
  }
}
