# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Reads counters, half-open connections, and the director's connections from some addresses. Changes nothing. The text is a constant: what varies
# comes as arguments.
#   ... addresses as /proc/net/ip_vs_conn writes them
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
export PATH
for file in /proc/uptime /proc/net/snmp /proc/net/netstat /proc/net/snmp6 /proc/net/dev /proc/net/stat/rt_cache \
  /proc/net/ip_vs_stats_percpu; do
  if [ -r "$file" ]; then grep -H '' "$file"; fi
done
# Half-open connections: 03 is SYN_RECV.
for file in /proc/net/tcp /proc/net/tcp6; do
  if [ -r "$file" ]; then grep -H ' 03 ' "$file"; fi
done
if [ -r /proc/net/ip_vs_conn ]; then
  for address; do grep -H -i " $address " /proc/net/ip_vs_conn; done
fi
exit 0
