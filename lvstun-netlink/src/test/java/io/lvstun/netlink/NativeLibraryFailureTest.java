// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.LvsException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is said when JNA's library cannot be loaded, from what JNA 5.19 and the JVM throw. */
class NativeLibraryFailureTest {

  private static LvsException explain(String text) {
    return NativeLibraryFailure.explain(new UnsatisfiedLinkError(text));
  }

  @Test
  void folderThatIsNoexecIsNamedByTheFileInIt() {
    LvsException error =
        explain(
            "/c/JNA/temp/jna1.tmp: /c/JNA/temp/jna1.tmp: failed to map segment from shared object");
    assertThat(error.reason())
        .isEqualTo(
            "JNA unpacked its library into /c/JNA/temp, which must not be mounted noexec: failed"
                + " to map segment from shared object");
    assertThat(error.hint())
        .contains("-Djna.tmpdir=FOLDER", "-Djna.boot.library.path=FOLDER")
        .doesNotContain("libjna-jni");
    assertThat(explain("Operation not permitted").reason())
        .isEqualTo(
            "JNA unpacked its library into a folder that must not be mounted noexec: Operation not"
                + " permitted");
  }

  @Test
  void folderThatCannotBeWrittenIsNamed() {
    assertThat(
            explain(
                    "Failed to create temporary file for"
                        + " /com/sun/jna/linux-x86-64/libjnidispatch.so library: JNA temporary"
                        + " directory '/r' is not writable")
                .reason())
        .startsWith("JNA cannot unpack its library into ")
        .endsWith(": JNA temporary directory '/r' is not writable");
    assertThat(
            NativeLibraryFailure.explain(
                    (LinkageError)
                        new UnsatisfiedLinkError("x").initCause(new IOException("No space left")))
                .reason())
        .startsWith("JNA cannot unpack its library into /")
        .endsWith(": No space left");
  }

  @Test
  void jvmThatDeniesNativeAccessIsToldApartFromAFolderThatIsNotFit() {
    LvsException onClassPath =
        NativeLibraryFailure.explain(
            new ExceptionInInitializerError(
                new IllegalCallerException(
                    "Illegal native access from an unnamed module (file:/lib/jna-5.19.1.jar)")));
    assertThat(onClassPath.reason())
        .isEqualTo(
            "this JVM does not let JNA load its native library: Illegal native access from an"
                + " unnamed module (file:/lib/jna-5.19.1.jar)");
    assertThat(onClassPath.hint())
        .isEqualTo("Start the JVM with --enable-native-access=ALL-UNNAMED");
    assertThat(
            NativeLibraryFailure.explain(
                    new ExceptionInInitializerError(
                        new IllegalCallerException(
                            "Illegal native access from module com.sun.jna (file:/lib/jna.jar)")))
                .hint())
        .isEqualTo("Start the JVM with --enable-native-access=com.sun.jna");
  }

  @Test
  void laterAttemptsAreExplainedByTheFirst() {
    explain("/t/jna1.tmp: failed to map segment from shared object");
    assertThat(
            NativeLibraryFailure.explain(
                    new NoClassDefFoundError("Could not initialize class io.lvstun.x.Libc"))
                .reason())
        .contains("into /t, which");
  }

  @Test
  void jarThatIsMissingAnotherVersionAndA32BitJvmAreNamed() {
    assertThat(NativeLibraryFailure.explain(new NoClassDefFoundError("com/sun/jna/Native")).hint())
        .isEqualTo("Add net.java.dev.jna:jna to the application");
    assertThat(
            explain("There is an incompatible JNA native library installed on this system").hint())
        .contains("jna.boot.library.path");
    assertThat(explain("the netlink driver needs a 64-bit JVM").hint()).contains("\"ipvsadm\"");
    assertThat(explain("Could not find JNA native support").reason())
        .isEqualTo("JNA's native library cannot be loaded: Could not find JNA native support");
  }
}
