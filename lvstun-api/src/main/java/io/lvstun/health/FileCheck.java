// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * A file on this host that holds a number: keepalived's {@code FILE_CHECK}. Without {@code
 * dynamic}, 0 passes and anything else fails; with it, the number times the multiplier is added to
 * the weight.
 *
 * @param file the file ({@code track_file}); a missing one counts as 0
 * @param dynamic whether the number changes the weight ({@code dynamic})
 * @param multiplier -2147483647 to 2147483647 ({@code weight}); without {@code dynamic} it counts
 *     only whether it is 0
 * @param reverse whether the sense is reversed ({@code reverse})
 * @since 0.1.0
 */
public record FileCheck(Path file, boolean dynamic, int multiplier, boolean reverse)
    implements HealthCheck {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if the multiplier is -2147483648
   */
  public FileCheck {
    Objects.requireNonNull(file, "file");
    HealthArgument.of("multiplier", multiplier, -Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** Returns 1 s: files are read, not waited for. */
  @Override
  public Duration timeout() {
    return Duration.ofSeconds(1);
  }

  @Override
  public String describe() {
    return "file " + file;
  }
}
