// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import org.jspecify.annotations.Nullable;

/** An option as written, with its value if it has one. */
record GivenOption(Option option, Token name, @Nullable Token value) {}
