# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2086,SC2317 # $J, $D and lists are split on purpose; section calls the functions
#
# Reads what the doctor needs to know of this host, and changes nothing: no file is written, no module is loaded (tools
# that would load one are run only if it is there already). For any POSIX shell: dash, bash, BusyBox ash. Starting
# a program is what costs most on small machines, so there are few, and most files are read by one grep.
#
# The text is a constant: what varies comes as arguments.
#   $1  marker that frames the sections, not to be guessed by whoever writes their content
#   $2  what to read: all, or routes
#   $3  seconds between the two samples of the counters
#   $4  yes if somebody else reads the IPVS table
#   $5  the addresses to ask routes for, separated by blanks
#   $6  the firewall marks to ask routes for, separated by blanks
#   $7  the ways back to ask for, each CLIENT,VIP, separated by blanks
#
# On standard output, for each section:
#   MARKER B name command...      begin; what follows is what the command says
#   MARKER R status               end; the status is a number, or absent, or unreadable
# On standard error:
#   MARKER B name                 what follows is what it complains of
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
export PATH
M=$1
targets=$5
marks=$6
returns=$7

has() { command -v "$1" >/dev/null 2>&1; }

begin() {
  printf '\n%s B %s\n' "$M" "$*"
  printf '\n%s B %s\n' "$M" "$1" >&2
}

end() { printf '\n%s R %s\n' "$M" "$1"; }

# section NAME COMMAND...: what it says, what it complains of, its status.
section() {
  begin "$@"
  shift
  "$@" </dev/null
  end $?
}

# absent NAME REASON: a section that is empty, which is no fault.
absent() {
  begin "$1"
  printf '%s\n' "$2" >&2
  end absent
}

# unreadable NAME REASON: a section that could not be read.
unreadable() {
  begin "$1"
  printf '%s\n' "$2" >&2
  end unreadable
}

# lines NAME FILE...: the files that exist, each line with its file's name before it. No file has ":" in its name.
lines() {
  lines_name=$1
  shift
  left=$#
  while [ "$left" -gt 0 ]; do
    file=$1
    shift
    if [ -e "$file" ]; then set -- "$@" "$file"; fi
    left=$((left - 1))
  done
  if [ $# -eq 0 ]; then absent "$lines_name" "none of the files exists"; return; fi
  printf '\n%s B %s grep -H\n' "$M" "$lines_name"
  printf '\n%s B %s\n' "$M" "$lines_name" >&2
  grep -H '' "$@" </dev/null
  end $?
}

IFS= read -r release </proc/sys/kernel/osrelease

# iproute2 writes JSON when it is new enough, and then for all its subcommands; BusyBox never does.
D=-d
case $(ip -j route show 2>/dev/null) in
'['*) J=-j ;;
*)
  J=
  ip -d link show lo >/dev/null 2>&1 || D=
  ;;
esac

# BusyBox knows no marks, and takes the word for another address.
[ -n "$J$D" ] || marks=

route_answers() {
  for target in $targets; do
    printf '## %s\n' "$target"
    ip $J route get "$target"
    for mark in $marks; do
      printf '\n## %s mark %s\n' "$target" "$mark"
      ip $J route get "$target" mark "$mark"
    done
    printf '\n'
  done
  # By the rules for what has this source: another table, another VRF, nowhere.
  for way in $returns; do
    printf '## %s from %s\n' "${way%,*}" "${way#*,}"
    ip $J route get "${way%,*}" from "${way#*,}"
    printf '\n'
  done
  return 0
}

if [ "$2" = routes ]; then
  section route-to route_answers
  printf '\n%s END\n' "$M"
  exit 0
fi

uptime_seconds() { IFS=' .' read -r seconds rest </proc/uptime; }

counters() {
  lines "$1" /proc/uptime /proc/net/snmp /proc/net/netstat /proc/net/snmp6 /proc/net/dev /proc/net/softnet_stat \
    /proc/net/stat/rt_cache /proc/net/stat/nf_conntrack /proc/net/ip_vs_stats /proc/softirqs /proc/interrupts \
    /proc/sys/net/netfilter/nf_conntrack_count
}

uptime_seconds
started=$seconds
counters counters.1

ipvsadm_wanted=no
if [ "$4" != yes ] && [ -e /proc/net/ip_vs ] && has ipvsadm; then ipvsadm_wanted=yes; fi
if [ $ipvsadm_wanted = yes ]; then section ipvs-statistics.1 ipvsadm -Ln --stats --exact; fi

identity() {
  while read -r key value rest; do
    case $key in Uid:) printf 'uid=%s\n' "$value" ;; esac
  done </proc/self/status
  IFS= read -r name </proc/sys/kernel/hostname
  printf 'kernel=%s\n' "$release"
  printf 'hostname=%s\n' "$name"
  printf 'json=%s\n' "${J:-no}"
  for tool in ip bridge tc ss ipvsadm iptables-save iptables-legacy-save iptables-nft-save nft ipset ethtool modprobe \
    sysctl systemctl rc-service keepalived busybox; do
    if has "$tool"; then printf 'tool.%s=yes\n' "$tool"; fi
  done
  printf 'machine=%s\n' "$(uname -m)"
  printf 'time=%s\n' "$(date +%s)"
  ls -l /proc/self/ns/net /proc/1/ns/net 2>&1
  return 0
}
section identity identity

# What is there of modules: loaded, built in, or to be had. One grep for both lists.
available=$(grep -H -o -E \
  '(^|/)(ip_vs[a-z0-9_]*|ipip|ip_tunnel|tunnel4|tunnel6|ip6_tunnel|sit|ip_gre|gre|ip6_gre|fou|fou6|nf_conntrack|nf_tables|ip_tables|x_tables|ip_set|dummy)\.ko[.a-z0-9]*:?' \
  "/lib/modules/$release/modules.dep" "/lib/modules/$release/modules.builtin" 2>/dev/null)
# Without the list of what is built in, functions tell.
symbols=
if [ ! -r "/lib/modules/$release/modules.builtin" ]; then
  symbols=$(grep -o -w -E \
    'ipip_rcv|ip_vs_conn_put|nft_do_chain|ipt_do_table|ip6t_do_table|fou_build_header|ip_set_add|ipip6_rcv|ip6_tnl_rcv|gretap_fb_dev_create|nf_conntrack_in' \
    /proc/kallsyms 2>/dev/null)
fi
list() { printf '%s\n' /sys/module/*; }
section modules list
if [ -r "/lib/modules/$release/modules.dep" ]; then
  list() { printf '%s\n' "$available"; }
  section modules.available list
else
  unreadable modules.available "there is no /lib/modules/$release/modules.dep"
fi
list() { printf '%s\n' "$symbols"; }
section modules.symbols list

# module NAME SYMBOL: whether it is loaded or built in, as far as can be told without loading it.
module() {
  [ -d "/sys/module/$1" ] && return 0
  case $available in *"modules.builtin:/$1.ko"*) return 0 ;; esac
  case $symbols in *"$2"*) return 0 ;; esac
  return 1
}

if [ -r "/boot/config-$release" ]; then
  section kernel-config grep -E '^CONFIG_(IP_VS|NET_IPIP|NET_FOU|IPV6_SIT|IPV6_TUNNEL|NET_IPGRE|NF_TABLES|IP_NF|NETFILTER)[A-Z0-9_]*=' \
    "/boot/config-$release"
else
  absent kernel-config "there is no /boot/config-$release"
fi

# Of devices some at a time: arguments that grow with their number take time with its square, and then overflow.
small_files() {
  set --
  count=0
  for device in /sys/class/net/*; do
    [ -d "$device" ] || continue
    set -- "$@" "$device/flags" "$device/mtu" "$device/type" "$device/ifindex" "$device/operstate" "$device/speed"
    for queue in "$device"/queues/rx-*; do set -- "$@" "$queue/rps_cpus"; done
    for queue in "$device"/queues/tx-*; do set -- "$@" "$queue/xps_cpus"; done
    for statistic in rx_frame_errors rx_missed_errors rx_fifo_errors rx_dropped tx_dropped; do
      set -- "$@" "$device/statistics/$statistic"
    done
    [ -e "$device/device" ] && set -- "$@" "$device/device/uevent"
    for setting in disable_ipv6 forwarding accept_dad accept_ra mtu; do
      set -- "$@" "/proc/sys/net/ipv6/conf/${device##*/}/$setting"
    done
    count=$((count + 1))
    if [ "$count" -eq 25 ]; then
      grep -s -H '' "$@"
      set --
      count=0
    fi
  done
  for setting in disable_ipv6 forwarding accept_dad accept_ra mtu; do
    set -- "$@" "/proc/sys/net/ipv6/conf/all/$setting" "/proc/sys/net/ipv6/conf/default/$setting"
  done
  set -- "$@" /proc/sys/net/ipv4/conf
  # Some of these exist on some kernels only, and some, such as speed, cannot be read of every device: no error.
  grep -s -r -H '' "$@" /proc/sys/net/ipv4/vs/* /proc/sys/net/ipv4/ip_* /proc/sys/net/ipv4/tcp_* \
    /proc/sys/net/ipv4/udp_* /proc/sys/net/ipv4/icmp_* /proc/sys/net/ipv4/fwmark_reflect \
    /proc/sys/net/ipv4/neigh/default/gc_* /proc/sys/net/ipv6/neigh/default/gc_* \
    /proc/sys/net/ipv4/route/mtu_expires /proc/sys/net/ipv4/route/min_pmtu \
    /proc/sys/net/core/* /proc/sys/net/netfilter/nf_conntrack_[!l]* /proc/sys/net/bridge/* \
    /etc/os-release /etc/alpine-release /etc/debian_version /etc/redhat-release /proc/cmdline \
    /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name /sys/class/dmi/id/product_version \
    /sys/class/dmi/id/bios_vendor /sys/class/dmi/id/chassis_asset_tag /sys/class/dmi/id/board_vendor \
    /sys/hypervisor/type /sys/module/ip_vs/parameters/* /sys/module/nf_conntrack/parameters/hashsize \
    /proc/irq/*/effective_affinity_list
  return 0
}
section files small_files

# Not all routes: a director may carry the whole Internet's.
routes() {
  ip -4 $J $D route show table all scope link
  ip -4 $J $D route show table all default
  ip -6 $J $D route show table all default
}
section link ip $J $D link show
section address ip $J address show
section route routes
section rule ip $J rule show
section rule.6 ip -6 $J rule show
section neighbour ip $J neigh show
# The details of ip link tell the ends of tunnels, where there are details.
if [ -z "$J" ]; then
  section tunnel ip tunnel show
else
  absent tunnel "told by ip link"
fi
if module fou fou_build_header; then
  section fou ip $J fou show
else
  absent fou "module fou is not loaded"
fi

offloads() {
  n=0
  for device in /sys/class/net/*; do
    [ -r "$device/flags" ] || continue
    name=${device##*/}
    IFS= read -r flags <"$device/flags"
    # Only what is up, and not the loopback.
    [ $((flags & 9)) -eq 1 ] || continue
    n=$((n + 1))
    [ "$n" -gt 32 ] && break
    printf '## features %s\n' "$name"
    ethtool -k "$name" 2>&1
    [ -e "$device/device" ] || continue
    printf '## driver %s\n' "$name"
    ethtool -i "$name" 2>&1
    printf '## channels %s\n' "$name"
    ethtool -l "$name" 2>&1
    printf '## rings %s\n' "$name"
    ethtool -g "$name" 2>&1
    printf '## statistics %s\n' "$name"
    ethtool -S "$name" 2>&1
  done
  return 0
}
if has ethtool; then section ethtool offloads; else unreadable ethtool "ethtool is not installed"; fi

# Packet filters. Only backends that are there already: the tools would load the others.
# legacy FAMILY TABLES SAVE
legacy() {
  if [ ! -e "/proc/net/$2_names" ]; then
    absent "iptables-legacy.$1" "module $2 is not loaded"
    return
  fi
  names=
  if ! IFS= read -r names 2>/dev/null <"/proc/net/$2_names" && [ ! -r "/proc/net/$2_names" ]; then
    unreadable "iptables-legacy.$1" "cannot read /proc/net/$2_names: not root?"
  elif [ -z "$names" ]; then
    absent "iptables-legacy.$1" "no legacy table is loaded"
  elif has "$3-legacy-save"; then
    section "iptables-legacy.$1" "$3-legacy-save" -c
  elif ! has "$3-save"; then
    unreadable "iptables-legacy.$1" "legacy tables are loaded, but $3-save is not installed"
  else
    case $("$3-save" -V 2>&1) in
    *nf_tables*) unreadable "iptables-legacy.$1" "legacy tables are loaded, but $3-legacy-save is not installed" ;;
    *) section "iptables-legacy.$1" "$3-save" -c ;;
    esac
  fi
}
legacy 4 ip_tables iptables
legacy 6 ip6_tables ip6tables

# compatible FAMILY SAVE: tables that iptables has written through nf_tables, in its own words.
compatible() {
  if has "$2-nft-save"; then
    section "iptables-nft.$1" "$2-nft-save" -c
  elif has "$2-save"; then
    case $("$2-save" -V 2>&1) in
    *nf_tables*) section "iptables-nft.$1" "$2-save" -c ;;
    *) absent "iptables-nft.$1" "$2 here is not of the nf_tables kind" ;;
    esac
  else
    absent "iptables-nft.$1" "$2 is not installed"
  fi
}
if ! module nf_tables nft_do_chain; then
  absent nft.json "module nf_tables is not loaded"
elif ! has nft; then
  # iptables-nft alone shows its own tables, and cannot tell whether there are others.
  compatible 4 iptables
  compatible 6 ip6tables
  unreadable nft.json "nf_tables is loaded, but nft is not installed"
else
  begin nft.json nft -j -t list ruleset
  rules=$(nft -j -t list ruleset)
  status=$?
  printf '%s\n' "$rules"
  end $status
  case $rules in
  *'"table"'*)
    section nft.text nft -t -a list ruleset
    case $rules in *'"family": "ip"'*) compatible 4 iptables ;; esac
    case $rules in *'"family": "ip6"'*) compatible 6 ip6tables ;; esac
    ;;
  esac
  # The elements of named sets decide, but there may be millions: at most 2 s of processor time and 2 MB of text.
  case $rules in
  *'{"set": {'* | *'{"map": {'*)
    rules=$(ulimit -t 2 && nft -j list ruleset 2>/dev/null)
    if [ $? -ne 0 ] || [ ${#rules} -gt 2000000 ]; then
      unreadable nft.elements "the sets are too large to read"
    else
      begin nft.elements nft -j list ruleset
      printf '%s\n' "$rules"
      end 0
    fi
    ;;
  esac
  rules=
fi
if module ip_set ip_set_add && has ipset; then section ipset ipset list -t; else absent ipset "no ipset here"; fi

lines ipvs /proc/net/ip_vs
if [ -e /proc/net/ip_vs ]; then
  # shellcheck disable=SC2016 # awk's own variables
  connections() {
    awk 'NR > 1 { n[$1 " " $4 " " $5 " " $6 " " $7 " " $8]++ } END { for (k in n) print n[k], k }' /proc/net/ip_vs_conn
  }
  section ipvs-connections connections
fi
if [ $ipvsadm_wanted = yes ]; then
  section ipvs-save ipvsadm -S -n
  section ipvs-thresholds ipvsadm -Ln --thresholds
  section ipvs-timeouts ipvsadm -Ln --timeout
  section ipvs-daemons ipvsadm -Ln --daemon
fi

# Listening and half-open sockets, from /proc: ss would load modules. 0A is LISTEN, 03 SYN_RECV, 07 an open UDP socket;
# the last column is how often an answer was sent again.
sockets() {
  set --
  for file in /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6; do
    [ -r "$file" ] && set -- "$@" "$file"
  done
  # shellcheck disable=SC2016 # awk's own variables
  awk '$4 == "0A" || $4 == "03" || $4 == "07" { print FILENAME, $2, $3, $4, $7 }' "$@"
}
section socket sockets

processes() {
  found=$(grep -s -H -x -E '(keepalived|calico-node|calico-felix|felix|kube-proxy|kube-router|flanneld|cilium-agent|ipvsadm|irqbalance|firewalld|NetworkManager|systemd-network|dhclient|dhcpcd|nginx|haproxy|bird|bird6|bgpd|zebra|exabgp|ldirectord|seesaw_ncc)' \
    /proc/[0-9]*/comm)
  [ -n "$found" ] || return 0
  printf '%s\n' "$found"
  set --
  for line in $found; do set -- "$@" "${line%%/comm:*}/ns/net"; done
  # A process of another network namespace is none of this host's.
  ls -l "$@" 2>/dev/null
  return 0
}
section process processes

lines configuration /etc/modules /etc/modules-load.d/*.conf /run/modules-load.d/*.conf /usr/lib/modules-load.d/*.conf \
  /etc/modprobe.d/*.conf /run/modprobe.d/*.conf /usr/lib/modprobe.d/*ip*.conf \
  /etc/sysctl.conf /etc/sysctl.d/*.conf /run/sysctl.d/*.conf /usr/lib/sysctl.d/*.conf /usr/local/lib/sysctl.d/*.conf \
  /lib/sysctl.d/*.conf \
  /etc/network/interfaces /etc/network/interfaces.d/* \
  /etc/systemd/network/*.network /etc/systemd/network/*.netdev /etc/systemd/network/*.link /run/systemd/network/*.network \
  /etc/sysconfig/network-scripts/ifcfg-* /etc/sysconfig/network-scripts/route-* /etc/sysconfig/network-scripts/rule-* \
  /etc/NetworkManager/system-connections/*.nmconnection /etc/NetworkManager/conf.d/*.conf /etc/netplan/*.yaml \
  /etc/keepalived/*.conf /etc/keepalived/conf.d/*.conf \
  /etc/rc.local /etc/rc.d/rc.local /etc/local.d/*.start /etc/conf.d/ipvsadm \
  /etc/sysconfig/ipvsadm /etc/default/ipvsadm /etc/ipvsadm.rules /etc/sysconfig/iptables /etc/iptables/rules.v4 \
  /etc/nftables.conf /etc/sysconfig/nftables.conf /etc/default/irqbalance

kernel_log() { dmesg 2>&1 | grep -E 'IPVS|martian|table full|table overflow|maxelem|ipip|tunl|not permitted'; }
section kernel-log kernel_log

section route-to route_answers

uptime_seconds
left=$(($3 - (seconds - started)))
if [ "$left" -gt 0 ]; then sleep "$left"; fi
counters counters.2
if [ $ipvsadm_wanted = yes ]; then section ipvs-statistics.2 ipvsadm -Ln --stats --exact; fi
printf '\n%s END\n' "$M"
exit 0
