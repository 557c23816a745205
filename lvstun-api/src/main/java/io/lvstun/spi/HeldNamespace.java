// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import io.lvstun.LvsException;
import io.lvstun.NamespaceChangedException;
import io.lvstun.NetworkNamespace;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace, held by an open descriptor: while it is open the namespace stays alive, its
 * inode number is not reused, and {@link #descriptor()} refers to it whatever happens to its name.
 * Thread-safe.
 *
 * <p>A name can come to refer to another namespace ({@code ip netns delete} and {@code ip netns
 * add}, a container that is restarted, a process id that is used again). {@link #requireCurrent}
 * compares what it stands for with what is held, by device and inode of the file: one call of
 * {@code stat}.
 *
 * @since 0.1.0
 */
public final class HeldNamespace implements AutoCloseable {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Pattern PROCESS = Pattern.compile("/proc/(\\d{1,10})/ns/net");
  private static final String OPERATION = "enter the network namespace";
  private static final int ATTEMPTS = 100;

  private final NetworkNamespace namespace;
  private final String driver;
  private final FileChannel channel;
  private final Object key;
  private final int descriptor;

  private HeldNamespace(
      NetworkNamespace namespace, String driver, FileChannel channel, Object key, int descriptor) {
    this.namespace = namespace;
    this.driver = driver;
    this.channel = channel;
    this.key = key;
    this.descriptor = descriptor;
  }

  /**
   * Opens a namespace's file and keeps it open.
   *
   * @param namespace the namespace
   * @param driver the driver's name, for messages
   * @return the namespace, which must be closed
   * @throws NotFoundException if there is no such namespace
   * @throws PermissionException if the file may not be opened
   * @throws LvsException if it cannot be opened for another reason, for example because the process
   *     has no descriptors left
   */
  public static HeldNamespace open(NetworkNamespace namespace, String driver) {
    Objects.requireNonNull(driver, "driver");
    try {
      for (int i = 0; i < ATTEMPTS; i++) {
        HeldNamespace held = attempt(namespace, driver);
        if (held != null) {
          return held;
        }
      }
      throw new IOException("its namespace kept changing");
    } catch (IOException e) {
      throw failure(namespace, driver, e);
    }
  }

  /**
   * Java does not tell a descriptor's number: it is the one that is new among those of this
   * namespace. Null if there is more than one, or none because the name changed meanwhile.
   */
  private static synchronized @Nullable HeldNamespace attempt(
      NetworkNamespace namespace, String driver) throws IOException {
    Object before = key(namespace.path());
    Set<Integer> known = descriptors(before);
    FileChannel channel = FileChannel.open(namespace.path(), StandardOpenOption.READ);
    try {
      Set<Integer> found = descriptors(before);
      found.removeAll(known);
      if (found.size() == 1) {
        HeldNamespace held =
            new HeldNamespace(namespace, driver, channel, before, found.iterator().next());
        channel = null;
        return held;
      }
      return null;
    } finally {
      if (channel != null) {
        channel.close();
      }
    }
  }

  private static Set<Integer> descriptors(Object key) throws IOException {
    Set<Integer> found = new HashSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(DESCRIPTORS)) {
      for (Path each : all) {
        if (key.equals(keyIfThere(each))) {
          found.add(Integer.valueOf(each.getFileName().toString()));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }

  private static @Nullable Object keyIfThere(Path path) {
    try {
      return key(path);
    } catch (IOException e) {
      return null;
    }
  }

  /** Device and inode. */
  private static Object key(Path path) throws IOException {
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    if (key == null) {
      throw new IOException("this system's files have no inode numbers");
    }
    return key;
  }

  static LvsException failure(NetworkNamespace namespace, String driver, IOException e) {
    String said =
        e instanceof FileSystemException failed && failed.getReason() != null
            ? failed.getReason()
            : String.valueOf(e.getMessage());
    OptionalInt errno = OptionalInt.empty();
    String reason = said;
    String hint = "";
    if (e instanceof NoSuchFileException || said.equals("Not a directory")) {
      errno = OptionalInt.of(KernelError.ENOENT.number());
      reason = "there is no such network namespace";
      hint =
          process(namespace).isEmpty()
              ? "`ip netns` lists those with a name"
              : "A process has one while it runs: this one has ended";
    } else if (e instanceof AccessDeniedException || said.equals("Operation not permitted")) {
      errno = OptionalInt.of(KernelError.EACCES.number());
      reason = "not permitted";
      hint =
          "Entering a network namespace needs CAP_SYS_ADMIN, and that of another user's process"
              + " CAP_SYS_PTRACE too: run as root, or start the program inside it (ip netns exec)";
    }
    if (said.startsWith("Too many open files")) {
      KernelError error = said.endsWith("in system") ? KernelError.ENFILE : KernelError.EMFILE;
      return KernelError.refused(
          driver, OPERATION, namespace.toString(), error.number(), error.number(), "");
    }
    LvsException.Failure failure =
        new LvsException.Failure(OPERATION, namespace.toString(), driver, reason, errno, hint);
    return errno.isEmpty()
        ? new LvsException(failure, e)
        : errno.getAsInt() == KernelError.ENOENT.number()
            ? new NotFoundException(failure, e)
            : new PermissionException(failure, e);
  }

  private static String process(NetworkNamespace namespace) {
    Matcher matcher = PROCESS.matcher(namespace.toString());
    return matcher.matches() ? matcher.group(1) : "";
  }

  /**
   * Returns the number of the descriptor, for {@code setns}.
   *
   * @return a descriptor of this process, valid until {@link #close()}
   */
  public int descriptor() {
    return descriptor;
  }

  /**
   * Returns a path that leads to the namespace from other processes of the same user, such as
   * {@code nsenter}.
   *
   * @return {@code /proc/PID/fd/NUMBER}, valid until {@link #close()}
   */
  public Path path() {
    return Path.of(
        "/proc", Long.toString(ProcessHandle.current().pid()), "fd", Integer.toString(descriptor));
  }

  /**
   * Makes sure that the name by which the namespace was opened still stands for it. Where that may
   * not be looked up any more, because the process has given privileges away, it counts as current.
   *
   * @param operation what is to be done in it, for the message
   * @param target on what; empty if on IPVS as a whole
   * @throws NamespaceChangedException if it stands for another namespace, or for none
   */
  public void requireCurrent(String operation, String target) {
    boolean gone;
    try {
      if (key.equals(key(namespace.path()))) {
        return;
      }
      gone = false;
    } catch (AccessDeniedException e) {
      return;
    } catch (IOException e) {
      gone = true;
    }
    String process = process(namespace);
    String reason;
    if (process.isEmpty()) {
      reason =
          gone
              ? "the network namespace " + namespace + " was deleted"
              : namespace
                  + " now refers to another network namespace: the one that was opened was"
                  + " deleted, and a new one created under this name";
    } else {
      reason =
          gone
              ? "process " + process + ", which identified the network namespace, has ended"
              : "process "
                  + process
                  + " is now in another network namespace than the one that was opened: it moved,"
                  + " or it ended and its id was reused";
    }
    throw new NamespaceChangedException(
        new LvsException.Failure(
            operation,
            target,
            driver,
            reason,
            OptionalInt.empty(),
            gone
                ? "Nothing was changed. reopen() finds the namespace once it is recreated"
                : "Nothing was changed. reopen() moves to the namespace that the name refers to"
                    + " now"));
  }

  /** Lets the namespace go. A second call does nothing. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new AssertionError("closing a file that was only opened", e);
    }
  }

  /** Returns the path by which it was opened. */
  @Override
  public String toString() {
    return namespace.toString();
  }
}
