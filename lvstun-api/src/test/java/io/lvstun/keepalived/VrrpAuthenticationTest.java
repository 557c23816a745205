// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class VrrpAuthenticationTest {

  @Test
  void secretIsComparedButNeverShown() {
    VrrpAuthentication one = VrrpAuthentication.password("s3cret");
    assertThat(one)
        .isEqualTo(VrrpAuthentication.of(VrrpAuthentication.Type.PASS, "s3cret"))
        .hasSameHashCodeAs(VrrpAuthentication.password("s3cret"))
        .isNotEqualTo(VrrpAuthentication.password("s3creT"))
        .isNotEqualTo(VrrpAuthentication.of(VrrpAuthentication.Type.AH, "s3cret"))
        .hasToString("PASS ***");
    assertThat(one.secret()).isEqualTo("s3cret");
  }

  @Test
  void refusalDoesNotRepeatTheSecret() {
    for (String bad : List.of("", "123456789", "a b", "a\"b", "a\\b", "a\nb", "pässe", "a\u007f")) {
      assertThatThrownBy(() -> VrrpAuthentication.password(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "auth_pass must be 1 to 8 printable ASCII characters without space, quote and"
                  + " backslash");
    }
    assertThat(VrrpAuthentication.password("12345678").secret()).hasSize(8);
  }
}
