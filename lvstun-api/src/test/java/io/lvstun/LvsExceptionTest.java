// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class LvsExceptionTest {

  private static final LvsException.Failure FAILURE =
      new LvsException.Failure(
          "add service",
          "TCP 192.0.2.1:80",
          "netlink",
          "not permitted",
          OptionalInt.of(1),
          "Run as root");

  @Test
  void messageSaysEverything() {
    LvsException error = new LvsException(FAILURE);
    assertThat(error)
        .hasMessage("cannot add service TCP 192.0.2.1:80 (netlink): not permitted [1]. Run as root")
        .hasNoCause();
    assertThat(error.operation()).isEqualTo("add service");
    assertThat(error.target()).isEqualTo("TCP 192.0.2.1:80");
    assertThat(error.driver()).isEqualTo("netlink");
    assertThat(error.reason()).isEqualTo("not permitted");
    assertThat(error.code()).hasValue(1);
    assertThat(error.hint()).isEqualTo("Run as root");
  }

  @Test
  void messageLeavesOutWhatIsEmpty() {
    LvsException error =
        new LvsException(
            new LvsException.Failure("read info", "", "memory", "broken", OptionalInt.empty(), ""));
    assertThat(error).hasMessage("cannot read info (memory): broken");
    assertThat(error.code()).isEmpty();
  }

  @Test
  void everySubclassCarriesTheFailureAndTheCause() {
    List<Function<LvsException.Failure, LvsException>> plain =
        List.of(
            AlreadyExistsException::new,
            NotFoundException::new,
            PermissionException::new,
            ProtocolException::new,
            TimeoutException::new,
            UnavailableException::new,
            UnsupportedException::new);
    for (Function<LvsException.Failure, LvsException> constructor : plain) {
      LvsException error = constructor.apply(FAILURE);
      assertThat(error).hasMessage(FAILURE.toString()).hasNoCause();
      assertThat(error.reason()).isEqualTo("not permitted");
    }
    RuntimeException cause = new IllegalStateException("cause");
    List<BiFunction<LvsException.Failure, Throwable, LvsException>> caused =
        List.of(
            AlreadyExistsException::new,
            NotFoundException::new,
            PermissionException::new,
            ProtocolException::new,
            TimeoutException::new,
            UnavailableException::new,
            UnsupportedException::new);
    for (BiFunction<LvsException.Failure, Throwable, LvsException> constructor : caused) {
      assertThat(constructor.apply(FAILURE, cause)).hasCause(cause);
    }
  }

  @Test
  void exceptionCanBeSerialized() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new NotFoundException(FAILURE));
    }
    try (InputStream in = new ByteArrayInputStream(bytes.toByteArray())) {
      assertThat(in.readAllBytes()).isNotEmpty();
    }
  }

  @Test
  void snapshotCopiesItsLists() {
    java.util.ArrayList<VirtualService> services =
        new java.util.ArrayList<>(List.of(VirtualService.fwmark(1)));
    Snapshot snapshot =
        new Snapshot(services, Timeouts.ofSeconds(1, 2, 3), List.of(SyncDaemon.master("eth0")));
    services.clear();
    assertThat(snapshot.services()).containsExactly(VirtualService.fwmark(1)).isUnmodifiable();
    assertThat(snapshot.syncDaemons()).isUnmodifiable();
  }
}
