// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi.contract;

/**
 * The whole contract of {@link io.lvstun.spi.IpvsDriver}. A driver's test extends this class and
 * says, in the methods of {@link DriverContract}, how to reach an empty table.
 */
public abstract class IpvsDriverContract
    implements ServiceContract,
        ServerContract,
        RefusalContract,
        SyncDaemonContract,
        TableContract,
        BatchContract,
        LifecycleContract,
        ForeignContract {}
