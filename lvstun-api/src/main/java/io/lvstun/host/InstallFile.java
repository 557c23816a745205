// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * Puts a file in its place: a copy is written beside it and checked, what was there is kept in
 * {@code /var/lib/lvstun/backups}, and the copy is renamed. At no moment is the file half-written
 * or missing. Undoing restores content, permissions, owner and time, or absence.
 *
 * <pre>{@code
 * AppliedChange installed =
 *     InstallFile.of("/etc/keepalived/keepalived.conf", text)
 *         .check("keepalived", "-t", "-f", InstallFile.COPY)
 *         .apply(Host.ssh("root@director"));
 * }</pre>
 *
 * <p>The file stays as it was, to the time of its last change, if the disk is full, the check
 * refuses the copy, or somebody else changes it meanwhile. The folder must exist, and the path must
 * not be a symbolic link. Undoing twice does nothing the second time.
 *
 * <p>The state is SHA-256, permissions and owner, for example {@code 9f86...0a08 644 root:root}.
 *
 * @param path absolute path, of printable ASCII characters
 * @param encoded the content in base64, at most {@value #LARGEST} bytes before; empty in what a
 *     journal keeps
 * @param digest SHA-256 of the content, in hexadecimal digits
 * @param mode permissions, three or four octal digits; empty for those of the file that is there,
 *     or else 644
 * @param owner user and group, {@code root:root}; empty for those of the file that is there, or
 *     else {@code root:root}
 * @param check program and arguments that end with status 0 if the copy is good, in which {@value
 *     #COPY} is the path of the copy; none by default
 * @since 0.1.0
 */
public record InstallFile(
    String path, String encoded, String digest, String mode, String owner, List<String> check)
    implements FileChange {

  /** What stands for the path of the copy in a check. */
  public static final String COPY = "{}";

  /** Bytes beyond which no content can be. */
  public static final int LARGEST = 4 << 20;

  private static final String EMPTY_DIGEST = digest(new byte[0]);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the path is not absolute and plain, the content is too
   *     large or does not fit its digest, or mode or owner cannot be one
   */
  public InstallFile {
    Objects.requireNonNull(path, "path");
    Names.requirePath("path", path);
    check = List.copyOf(check);
    for (String word : check) {
      if (word.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("check must not have a NUL character");
      }
    }
    byte[] content = Base64.getDecoder().decode(encoded);
    if (content.length > LARGEST) {
      throw new IllegalArgumentException(
          "content must be at most " + LARGEST + " bytes, not " + content.length);
    }
    Names.require("digest", digest, "[0-9a-f]{64}");
    if (!encoded.isEmpty() && !digest(content).equals(digest)) {
      throw new IllegalArgumentException("digest must be that of the content");
    }
    Names.require("mode", mode, "([0-7]?[0-7]{3})?");
    Names.require("owner", owner, "([A-Za-z_][A-Za-z0-9_.-]{0,31}:[A-Za-z_][A-Za-z0-9_.-]{0,31})?");
  }

  /**
   * Returns a change that installs a text, encoded in UTF-8.
   *
   * @param path absolute path, of printable ASCII characters
   * @param text the content
   * @return the change, without a check
   * @throws IllegalArgumentException if the path is not absolute and plain, or the text is too long
   */
  public static InstallFile of(String path, String text) {
    Objects.requireNonNull(path, "path");
    return of(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Returns a change that installs a file with any content.
   *
   * @param path absolute path, of printable ASCII characters
   * @param content at most {@value #LARGEST} bytes
   * @return the change, without a check
   * @throws IllegalArgumentException if the path is not absolute and plain, or the content too long
   */
  public static InstallFile of(String path, byte[] content) {
    Objects.requireNonNull(content, "content");
    Objects.requireNonNull(path, "path");
    return new InstallFile(
        path, Base64.getEncoder().encodeToString(content), digest(content), "", "", List.of());
  }

  /**
   * Returns a copy with a check that the content must pass before it is switched to.
   *
   * @param command program and arguments, for example {@code nft -c -f} and {@link #COPY}; at most
   *     45 seconds
   * @return the copy
   */
  public InstallFile check(String... command) {
    return new InstallFile(path, encoded, digest, mode, owner, List.of(command));
  }

  /**
   * Returns a copy with stated permissions.
   *
   * @param octal three or four octal digits, for example {@code 600}
   * @return the copy
   * @throws IllegalArgumentException if they are not that
   */
  public InstallFile mode(String octal) {
    return new InstallFile(path, encoded, digest, octal, owner, check);
  }

  /**
   * Returns a copy with a stated owner.
   *
   * @param userAndGroup names, for example {@code root:keepalived_script}
   * @return the copy
   * @throws IllegalArgumentException if it cannot be one
   */
  public InstallFile owner(String userAndGroup) {
    return new InstallFile(path, encoded, digest, mode, userAndGroup, check);
  }

  @Override
  public InstallFile at(String otherPath) {
    return new InstallFile(otherPath, encoded, digest, mode, owner, check);
  }

  /** Installing is more than one command. */
  @Override
  public List<String> command() {
    return List.of();
  }

  @Override
  public String text() {
    return "install " + path + (check.isEmpty() ? "" : " if it passes " + ShellText.join(check));
  }

  @Override
  public List<String> query() {
    return List.of("content", path, "", "");
  }

  @Override
  public String wanted(String current) {
    boolean absent = current.equals(NONE);
    String[] words = current.split(" ", -1);
    String permissions = !mode.isEmpty() ? mode : absent || words.length < 3 ? "644" : words[1];
    String owned = !owner.isEmpty() ? owner : absent || words.length < 3 ? "root:root" : words[2];
    return digest + " " + permissions.replaceFirst("^0(?=...$)", "") + " " + owned;
  }

  @Override
  public List<String> operation(String current, String target) {
    String expected = current.equals(NONE) ? "none" : current;
    if (target.equals(NONE)) {
      return List.of("uninstall", path, expected);
    }
    if (!target.equals(wanted(current))) {
      return List.of("restore", path, expected, target, backup(target, current));
    }
    if (encoded.isEmpty() && !digest.equals(EMPTY_DIGEST)) {
      throw new IllegalStateException("the content of " + path + " is not known any more");
    }
    String[] words = target.split(" ", -1);
    List<String> operation =
        new ArrayList<>(
            List.of(
                "install", path, expected, digest, words[1], words[2], backup(current, target)));
    operation.addAll(check);
    return operation;
  }

  /** The name under which the file is kept that one state replaced by another. */
  private String backup(String before, String after) {
    return digest((path + "\n" + before + "\n" + after).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String payload() {
    return encoded;
  }

  /** The same without its content, which can be large and is not needed to undo it. */
  @Override
  public InstallFile journalled() {
    return new InstallFile(path, "", digest, mode, owner, check);
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
