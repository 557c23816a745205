// SPDX-License-Identifier: Apache-2.0
/**
 * Two directors, one of which forwards: who has the virtual addresses, as keepalived decides it.
 *
 * <p>{@link io.lvstun.availability.RoleWatch} follows keepalived's decisions, and {@link
 * io.lvstun.availability.SyncDaemonFollower} keeps the kernel's sync daemon in the role that
 * belongs to them. Nothing here decides who forwards: keepalived or a BGP speaker does.
 */
@org.jspecify.annotations.NullMarked
package io.lvstun.availability;
