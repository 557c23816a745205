// SPDX-License-Identifier: Apache-2.0
/**
 * Clusters of network namespaces: what examples and tests run on, inside a guest of the lab.
 *
 * <p>{@link io.lvstun.examples.lab.Topology} is the way in:
 *
 * <pre>{@code
 * try (Topology cluster = Topology.tutorial().start()) {
 *   // ... create a virtual service on cluster.vip() in the namespace "director" ...
 *   HttpAnswers answers = cluster.client().get(cluster.vipUrl(), 10);
 *   System.out.println(answers.byServer());           // {rs1=5, rs2=5}
 * }
 * }</pre>
 */
@NullMarked
package io.lvstun.examples.lab;

import org.jspecify.annotations.NullMarked;
