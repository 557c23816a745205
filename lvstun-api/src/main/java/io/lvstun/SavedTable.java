// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import io.lvstun.rules.Loss;
import io.lvstun.rules.Refusal;
import io.lvstun.rules.Replay;
import io.lvstun.rules.Rule;
import io.lvstun.rules.Rules;
import io.lvstun.rules.RulesForm;
import io.lvstun.rules.RulesText;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A configuration in a file that {@code ipvsadm-restore} reads. */
final class SavedTable {

  private final Snapshot snapshot;
  private final @Nullable Timeouts timeouts;
  private final boolean hasDaemons;

  private SavedTable(Snapshot snapshot, @Nullable Timeouts timeouts, boolean hasDaemons) {
    this.snapshot = snapshot;
    this.timeouts = timeouts;
    this.hasDaemons = hasDaemons;
  }

  /** Replaces the file in one step; what reads it sees the old or the new one. */
  static List<Loss> write(Snapshot snapshot, Path file) {
    RulesText text = Rules.write(snapshot, RulesForm.COMPLETE);
    try {
      Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
      Path folder = target.getParent();
      if (folder == null) {
        throw new IOException(file + " is no file");
      }
      Path made = Files.createTempFile(folder, ".ipvsadm", ".new");
      try {
        Files.writeString(made, text.text(), StandardCharsets.US_ASCII);
        keepPermissions(target, made);
        Files.move(
            made, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(made);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot save the table to " + file + ": " + e, e);
    }
    return text.losses();
  }

  private static void keepPermissions(Path from, Path to) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(
          Files.exists(from, LinkOption.NOFOLLOW_LINKS)
              ? Files.getPosixFilePermissions(from)
              : PosixFilePermissions.fromString("rw-r--r--"));
    }
  }

  /** Reads a file; refuses one with lines that the kernel would refuse. */
  static SavedTable read(Path file) {
    List<Rule> rules;
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      rules = Rules.read(reader);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot restore the table from " + file + ": " + e, e);
    }
    Replay replay = Rules.replay(rules);
    Optional<Refusal> refusal = replay.refusals().stream().findFirst();
    if (refusal.isPresent()) {
      throw new IllegalArgumentException(
          file
              + " must be a table that the kernel takes; first of "
              + replay.refusals().size()
              + " refused lines: "
              + refusal.get());
    }
    return new SavedTable(
        replay.snapshot(),
        timeouts(rules),
        rules.stream().anyMatch(rule -> rule.command() instanceof Command.StartDaemon));
  }

  /** The whole table wanted: the file's, and where it says nothing, the present one's. */
  Snapshot over(Snapshot present) {
    return new Snapshot(
        snapshot.services(),
        timeouts == null ? present.timeouts() : merged(timeouts, present.timeouts()),
        hasDaemons ? daemons(present) : present.syncDaemons());
  }

  /** What the rules set; 0 where they leave a value as it is. */
  private static @Nullable Timeouts timeouts(List<Rule> rules) {
    Timeouts all = null;
    for (Rule rule : rules) {
      if (rule.command() instanceof Command.SetTimeouts set) {
        all = all == null ? set.timeouts() : merged(set.timeouts(), all);
      }
    }
    return all;
  }

  private static Timeouts merged(Timeouts saved, Timeouts present) {
    return new Timeouts(
        saved.tcp().isZero() ? present.tcp() : saved.tcp(),
        saved.tcpFin().isZero() ? present.tcpFin() : saved.tcpFin(),
        saved.udp().isZero() ? present.udp() : saved.udp());
  }

  private List<SyncDaemon> daemons(Snapshot present) {
    Set<SyncDaemon.Role> named = new HashSet<>();
    snapshot.syncDaemons().forEach(daemon -> named.add(daemon.role()));
    return java.util.stream.Stream.concat(
            snapshot.syncDaemons().stream(),
            present.syncDaemons().stream().filter(daemon -> !named.contains(daemon.role())))
        .toList();
  }
}
