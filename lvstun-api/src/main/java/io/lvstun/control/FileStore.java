// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store in a file, replaced as a whole. */
final class FileStore implements DesiredStateStore {

  /** Far more than any table needs. */
  private static final long LARGEST = 256L << 20;

  private static final Set<PosixFilePermission> OWNER_ALONE =
      PosixFilePermissions.fromString("rw-------");
  private static final FileAttribute<Set<PosixFilePermission>> MODE =
      PosixFilePermissions.asFileAttribute(OWNER_ALONE);

  private final Path file;
  private final Path temporary;
  private @Nullable FileChannel lock;

  FileStore(Path file) {
    this.file = file.toAbsolutePath();
    temporary = beside(".tmp");
  }

  private Path beside(String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }

  @Override
  public Optional<String> load() throws IOException {
    lock();
    PosixFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (!attributes.isRegularFile()) {
      throw new IOException(file + " is not a regular file, so it is not trusted");
    }
    Set<PosixFilePermission> permissions = attributes.permissions();
    if (permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(
          file
              + " may be written by others ("
              + PosixFilePermissions.toString(permissions)
              + "), so it is not trusted: check it, then chmod 600");
    }
    if (!Files.getAttribute(file, "unix:uid")
        .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      throw new IOException(
          file + " belongs to " + attributes.owner().getName() + ", so it is not trusted");
    }
    if (attributes.size() > LARGEST) {
      throw new IOException(file + " has " + attributes.size() + " bytes, more than any state");
    }
    return Optional.of(Files.readString(file, StandardCharsets.UTF_8));
  }

  @Override
  public void save(String text) throws IOException {
    lock();
    Files.deleteIfExists(temporary);
    try (FileChannel channel =
        FileChannel.open(
            temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), MODE)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path folder = file.getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public Optional<String> setAside() throws IOException {
    Path aside = beside(".rejected");
    Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return Optional.of(aside.toString());
  }

  /** Never deleted: another process might have it open, and lock a file that nobody else sees. */
  private void lock() throws IOException {
    if (lock != null) {
      return;
    }
    Path path = beside(".lock");
    FileChannel channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            MODE);
    FileLock taken = null;
    try {
      taken = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Another controller of this process has it: as good as another process.
    } finally {
      if (taken == null) {
        channel.close();
      }
    }
    if (taken == null) {
      throw new IOException(
          path + " is locked: another controller uses " + file + ". Give each a file of its own");
    }
    lock = channel;
  }

  @Override
  public String place() {
    return file.toString();
  }

  @Override
  public void close() {
    FileChannel channel = lock;
    lock = null;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // The lock goes with the process at the latest.
      }
    }
  }
}
