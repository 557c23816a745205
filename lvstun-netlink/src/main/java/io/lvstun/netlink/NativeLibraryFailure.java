// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink;

import io.lvstun.LvsException;
import java.io.File;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says why JNA's native library cannot be loaded, and what to do. */
final class NativeLibraryFailure {

  private static volatile @Nullable LinkageError first;

  private NativeLibraryFailure() {}

  /**
   * Makes the exception.
   *
   * @param error what loading threw. The JVM tells the cause only the first time; it is kept for
   *     the next
   */
  @SuppressWarnings("StaticAssignmentOfThrowable") // a cause, which is told but never thrown again
  static LvsException explain(LinkageError error) {
    LinkageError known = first;
    if (known != null && error instanceof NoClassDefFoundError && !isMissingJar(error)) {
      return explained(known);
    }
    first = error;
    return explained(error);
  }

  private static LvsException explained(LinkageError error) {
    if (isMissingJar(error)) {
      return exception(
          "JNA is not on the class path: " + error.getMessage(),
          "Add net.java.dev.jna:jna to the application",
          error);
    }
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text = String.valueOf(root.getMessage());
    String lower = text.toLowerCase(Locale.ROOT);
    if (root instanceof IllegalCallerException) {
      // Linux has nothing against it: the JVM, since JDK 24, with --illegal-native-access=deny.
      String module = text.contains("unnamed module") ? "ALL-UNNAMED" : JNA_MODULE;
      return exception(
          "this JVM does not let JNA load its native library: " + text,
          "Start the JVM with --enable-native-access=" + module,
          error);
    }
    if (text.contains("64-bit JVM")) {
      return exception(text, "Use a 64-bit JVM, or the driver \"ipvsadm\"", error);
    }
    if (lower.contains("incompatible") || lower.contains("expected jna native library version")) {
      return exception(
          "another version of JNA's native library is found first: " + text,
          "Set -Djna.nosys=true, or let jna.boot.library.path name a folder with the matching"
              + " libjnidispatch.so",
          error);
    }
    if (lower.contains("failed to map segment") || lower.contains("operation not permitted")) {
      return exception(notMappable(text), ELSEWHERE, error);
    }
    if (root instanceof IOException
        || lower.contains("temporary")
        || lower.contains("read-only")
        || lower.contains("permission denied")) {
      String cause = text.startsWith(UNPACKING) ? text.replaceFirst("^.*? library: ", "") : text;
      return exception(
          "JNA cannot unpack its library into " + folder() + ": " + cause, ELSEWHERE, error);
    }
    return exception("JNA's native library cannot be loaded: " + text, ELSEWHERE, error);
  }

  /** How JNA begins when it cannot write. */
  private static final String UNPACKING = "Failed to create temporary file for ";

  private static final String JNA_MODULE = "com.sun.jna";

  private static final String ELSEWHERE =
      "Name a folder that is writable and not mounted noexec with -Djna.tmpdir=FOLDER; or unpack"
          + " com/sun/jna/linux-*/libjnidispatch.so from jna.jar beforehand and name its folder"
          + " with -Djna.boot.library.path=FOLDER";

  /**
   * Says that a library which is there cannot be loaded.
   *
   * @param text what the JVM says: the file, perhaps twice, and why
   */
  private static String notMappable(String text) {
    int end = text.indexOf(": ");
    File file = new File(end < 0 ? "" : text.substring(0, end));
    String folder = file.getParent();
    return folder == null
        ? "JNA unpacked its library into a folder that must not be mounted noexec: " + text
        : "JNA unpacked its library into "
            + folder
            + ", which must not be mounted noexec: "
            + text.substring(text.lastIndexOf(": ") + 2);
  }

  /** The folder that JNA 5 unpacks into: com.sun.jna.Native.getTempDir() on Linux. */
  private static File folder() {
    String chosen = System.getProperty("jna.tmpdir");
    if (chosen != null) {
      return new File(chosen);
    }
    String cache = System.getenv("XDG_CACHE_HOME");
    File caches =
        cache == null || cache.isBlank()
            ? new File(System.getProperty("user.home", ""), ".cache")
            : new File(cache);
    File folder = new File(caches, "JNA/temp");
    return folder.canWrite() ? folder : new File(System.getProperty("java.io.tmpdir", "/tmp"));
  }

  private static boolean isMissingJar(LinkageError error) {
    return error instanceof NoClassDefFoundError
        && String.valueOf(error.getMessage()).startsWith("com/sun/jna/");
  }

  private static LvsException exception(String reason, String hint, Throwable cause) {
    return new LvsException(NetlinkDriverProvider.failure(reason, hint), cause);
  }
}
