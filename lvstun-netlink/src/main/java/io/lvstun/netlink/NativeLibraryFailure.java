// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink;

import io.lvstun.LvsException;
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
    String folder = System.getProperty("jna.tmpdir", System.getProperty("java.io.tmpdir", "/tmp"));
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
      return exception(
          "JNA unpacks its library into " + folder + ", which is mounted noexec", ELSEWHERE, error);
    }
    if (root instanceof java.io.IOException
        || lower.contains("temporary")
        || lower.contains("read-only")
        || lower.contains("permission denied")) {
      return exception(
          "JNA cannot unpack its library into " + folder + ": " + text, ELSEWHERE, error);
    }
    return exception("JNA's native library cannot be loaded: " + text, ELSEWHERE, error);
  }

  private static final String ELSEWHERE =
      "Name a folder that is writable and not mounted noexec with -Djna.tmpdir=FOLDER; or unpack"
          + " libjnidispatch.so from jna.jar beforehand and name its folder with"
          + " -Djna.boot.library.path=FOLDER -Djna.nounpack=true; or install the system's JNA"
          + " (Debian: libjna-jni)";

  private static boolean isMissingJar(LinkageError error) {
    return error instanceof NoClassDefFoundError
        && String.valueOf(error.getMessage()).startsWith("com/sun/jna/");
  }

  private static LvsException exception(String reason, String hint, Throwable cause) {
    return new LvsException(NetlinkDriverProvider.failure(reason, hint), cause);
  }
}
