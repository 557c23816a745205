// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpusTest {

  @Test
  void numbersAreSortedAndNamedOnce() {
    assertThat(Cpus.require(List.of(5, 0, 5, 8191))).containsExactly(0, 5, 8191);
    assertThat(Cpus.require(List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 8192, Integer.MAX_VALUE})
  void numbersOutOfRangeAreRefused(int cpu) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cpus.require(List.of(0, cpu)))
        .withMessage("cpus must be 0 to 8191, not " + cpu);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0, 0",
    "'0', 1, 1",
    "'0 1 2 3', f, f",
    "'31', 80000000, 80000000",
    "'32', 100000000, '1,00000000'",
    "'0 63', 8000000000000001, '80000000,00000001'",
    "'64', 10000000000000000, '1,00000000,00000000'"
  })
  void masksAreThoseThatTheKernelPrints(String cpus, String mask, String words) {
    List<Integer> numbers =
        Pattern.compile("\\d+")
            .matcher(cpus)
            .results()
            .map(it -> Integer.valueOf(it.group()))
            .toList();
    assertThat(Cpus.mask(numbers)).isEqualTo(mask);
    assertThat(Cpus.words(mask)).isEqualTo(words);
  }
}
