# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034 # what journals use is set here
#
# How a host's state is read and changed: the functions "state" and "perform". For any POSIX shell: dash, bash, BusyBox
# ash. The text is a constant: what varies comes as arguments, and the content of files as base64 in "payload".
#   $1  what stands in front of /proc, /sys, /var and /etc: nothing, but in tests
#   $2  the verb, then its arguments; see what follows these functions
#
# On standard output, lines "= WORD..." are the answer; a line "! REASON" says why there is none. Exit status:
#   0  done
#   69 the host lacks something that is needed
#   76 a file is not as it was a moment ago, or belongs to somebody else; nothing was changed
#   77 the step failed
LC_ALL=C
export LC_ALL
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
export PATH
umask 077
S=$1
verb=$2
shift 2

# Bytes beyond which no file of ours can be.
LARGEST=16384

has() { command -v "$1" >/dev/null 2>&1; }

say() { printf '= %s\n' "$*"; }

die() {
  printf '! %s\n' "$2"
  exit "$1"
}

hex() { od -An -v -tx1 | tr -d ' \n'; }

# flush FILE: what was written outlives a loss of power.
flush() { sync "$1" 2>/dev/null || sync; }

# put FILE MODE TEXT: all of it or nothing, and on the disk when it returns.
put() {
  put_directory=${1%/*}
  put_new=$put_directory/.lvstun-$$.new
  if ! printf '%s' "$3" | dd of="$put_new" conv=fsync 2>/dev/null; then
    # A BusyBox may lack conv=fsync.
    if ! { printf '%s' "$3" >"$put_new" && sync; }; then
      rm -f "$put_new"
      return 1
    fi
  fi
  if ! { chmod "$2" "$put_new" && mv -f "$put_new" "$1"; }; then
    rm -f "$put_new"
    return 1
  fi
  flush "$put_directory"
}

# oneline: what comes in, as one line.
oneline() { tr '\n\t' '  ' | sed 's/ *$//'; }

# described FILE: SHA-256 of the content, permissions, owner and group.
described() {
  sum=$(sha256sum <"$1") || return 1
  owned=$(stat -c '%U:%G' "$1")
  # An owner without a name is a number.
  case $owned in *UNKNOWN*) owned=$(stat -c '%u:%g' "$1") ;; esac
  printf '%s %s %s' "${sum%% *}" "$(stat -c %a "$1")" "$owned"
}

# as_expected FILE STATE: it still is what it was when it was looked at; STATE is none if there was none.
as_expected() {
  if [ -h "$1" ]; then return 1; fi
  if [ ! -e "$1" ]; then [ "$2" = none ]; else [ "$(described "$1")" = "$2" ]; fi
}

# sweep FOLDER: removes half-written files of processes that died.
sweep() {
  for left in "$1"/.lvstun-*.new; do
    writer=${left##*/.lvstun-}
    if [ -e "$left" ] && [ ! -d "/proc/${writer%.new}" ]; then rm -f "$left"; fi
  done
}

# installed FILE EXPECTED SHA256 MODE OWNER BACKUP [CHECK...]: puts the payload in its place.
installed() {
  target=$S$1
  expected=$2
  sum_wanted=$3
  mode=$4
  owner=$5
  backup=$S/var/lib/lvstun/backups/$6
  shift 6
  folder=${target%/*}/
  new=${folder}.lvstun-$$.new
  sweep "${folder%/}"
  rm -f "$new"
  if ! printf '%s' "$payload" | base64 -d >"$new" || [ "$(sha256sum <"$new")" != "$sum_wanted  -" ]; then
    printf 'cannot write a copy in %s: is the disk full?\n' "$folder" >&2
    rm -f "$new"
    return 1
  fi
  if ! { chmod "$mode" "$new" && chown "$owner" "$new"; }; then
    rm -f "$new"
    return 1
  fi
  if [ -e /sys/fs/selinux/enforce ] && [ -e "$target" ]; then chcon --reference="$target" "$new" 2>/dev/null; fi
  if [ $# -gt 0 ]; then
    for word in "$@"; do
      shift
      [ "$word" != '{}' ] || word=$new
      set -- "$@" "$word"
    done
    if ! complaint=$("$@" </dev/null 2>&1); then
      rm -f "$new"
      printf '%s refuses the file, which was not installed: %s\n' "$1" "$(printf '%s' "$complaint" | oneline)" >&2
      return 1
    fi
  fi
  if [ "$expected" != none ]; then
    store=${backup%/*}
    if ! { mkdir -p "$store" && cp -p "$target" "$store/.lvstun-$$.new" && flush "$store/.lvstun-$$.new" &&
      [ "$(described "$store/.lvstun-$$.new")" = "$expected" ] && mv -f "$store/.lvstun-$$.new" "$backup"; }; then
      rm -f "$new" "$store/.lvstun-$$.new"
      as_expected "$target" "$expected" || return 76
      printf 'cannot keep a copy of the former file in %s; nothing was changed\n' "$store" >&2
      return 1
    fi
  fi
  flush "$new"
  if ! as_expected "$target" "$expected"; then
    rm -f "$new"
    return 76
  fi
  if ! mv -f "$new" "$target"; then
    rm -f "$new"
    return 1
  fi
  flush "$folder"
}

# restored FILE EXPECTED FORMER BACKUP: brings back the former file.
restored() {
  target=$S$1
  backup=$S/var/lib/lvstun/backups/$4
  folder=${target%/*}/
  new=${folder}.lvstun-$$.new
  if [ ! -f "$backup" ] || [ "$(described "$backup")" != "$3" ]; then
    printf 'the copy of the former file, %s, is gone or damaged; nothing was changed\n' "$backup" >&2
    return 1
  fi
  sweep "${folder%/}"
  rm -f "$new"
  if ! { cp -p "$backup" "$new" && flush "$new" && [ "$(described "$new")" = "$3" ]; }; then
    rm -f "$new"
    printf 'cannot write in %s: is the disk full?\n' "$folder" >&2
    return 1
  fi
  if [ -e /sys/fs/selinux/enforce ] && [ -e "$target" ]; then chcon --reference="$target" "$new" 2>/dev/null; fi
  if ! as_expected "$target" "$2"; then
    rm -f "$new"
    return 76
  fi
  mv -f "$new" "$target" && flush "$folder" && rm -f "$backup"
}

# in_namespace: whether this is not the network namespace that the machine booted in.
in_namespace() {
  first=$(readlink "$S/proc/1/ns/net")
  [ -n "$first" ] && [ "$(readlink "$S/proc/self/ns/net")" != "$first" ]
}

# queued DEVICE KIND: how many queues of a kind (combined, rx, tx) a card uses.
queued() {
  case $2 in combined) label=Combined ;; rx) label=RX ;; *) label=TX ;; esac
  printf '%s\n' "$1" | sed -n "/^Current/,\$s/^$label:[[:space:]]*//p"
}

# interrupts DEVICE: the numbers of a card's interrupts.
interrupts() {
  for vectors in "$S/sys/class/net/$1/device/msi_irqs" "$S/sys/class/net/$1/device/../msi_irqs"; do
    if [ -d "$vectors" ]; then
      for vector in "$vectors"/*; do echo "${vector##*/}"; done | sort -n
      return 0
    fi
  done
  sed -n "s/^ *\([0-9][0-9]*\):.*[ ,]$1\(-[^ ]*\)\{0,1\}\$/\1/p" "$S/proc/interrupts" 2>/dev/null
}

# refused VALUE WHERE: says that the kernel does not take a set of processors; shells do not say why.
refused() {
  printf 'the kernel refuses %s for %s; processors that are online: %s\n' "$1" "$2" \
    "$(cat /sys/devices/system/cpu/online 2>/dev/null)" >&2
}

# manager: what installs packages here.
manager() {
  for each in apt-get dnf yum; do
    if has "$each"; then
      echo "$each"
      return 0
    fi
  done
  return 1
}

# state KIND A B C: one line that says what is the case: "v TEXT", "x HEX", "none", or "error REASON".
state() {
  case $1 in
  sysctl)
    # Not with read: it asks for a byte at a time, and the kernel gives only the first of a number.
    if [ ! -e "$S/proc/sys/$2" ]; then
      say none
    elif value=$(cat "$S/proc/sys/$2" 2>/dev/null); then
      say v "$value"
    else
      say error "cannot read /proc/sys/$2"
    fi
    ;;
  module)
    underscored=$(printf '%s' "$2" | tr - _)
    if [ -d "$S/sys/module/$underscored" ]; then
      say v loaded
    elif grep -q "/$(printf '%s' "$underscored" | sed 's/_/[_-]/g')\.ko" \
      "$S/lib/modules/$(uname -r)/modules.builtin" 2>/dev/null; then
      say v loaded
    else
      say v absent
    fi
    ;;
  link)
    if ! shown=$(ip link show dev "$2" 2>/dev/null); then
      say none
    else
      case $shown in *[\<,]UP[,\>]*) say v up ;; *) say v down ;; esac
    fi
    ;;
  address)
    if ! shown=$(ip address show dev "$2" 2>/dev/null); then
      say none
    else
      case $shown in *" $3 "*) say v present ;; *) say v absent ;; esac
    fi
    ;;
  default)
    # $2 is -4 or -6.
    say x "$(ip "$2" route show default | hex)"
    ;;
  tunnel-mode)
    if ! shown=$(ip -6 tunnel show "$2" 2>/dev/null); then
      say none
    else
      shown=${shown#*: }
      say v "${shown%% *}"
    fi
    ;;
  fou)
    # $2 is -4 or -6, $3 the port. ip shows the ports of both families, whichever it is asked for.
    shown=$(
      ip "$2" fou show 2>/dev/null | while read -r line; do
        case "$line " in *' -6 '*) family=-6 ;; *) family=-4 ;; esac
        if [ "$family" = "$2" ]; then echo "$line "; fi
      done
    )
    case $shown in
    *"port $3 gue"*) say v present ;;
    *"port $3 "*) say error "port $3 is open for something else than GUE" ;;
    *) say v absent ;;
    esac
    ;;
  device)
    if ip link show dev "$2" >/dev/null 2>&1; then say v present; else say v absent; fi
    ;;
  nft)
    # $2 is "FAMILY TABLE CHAIN", $3 the comment of the rule.
    # shellcheck disable=SC2086 # three words
    if ! shown=$(nft -a list chain $2 2>/dev/null); then
      say none
    else
      case $shown in *"comment \"$3\""*) say v present ;; *) say v absent ;; esac
    fi
    ;;
  file)
    if [ -h "$S$2" ]; then
      say error "it is a symbolic link"
    elif [ ! -e "$S$2" ]; then
      say none
    elif [ ! -f "$S$2" ] || [ ! -r "$S$2" ]; then
      say error "it is no file that can be read"
    elif [ "$(wc -c <"$S$2")" -gt $LARGEST ]; then
      say error "it is too large"
    else
      say x "$(hex <"$S$2")"
    fi
    ;;
  content)
    if [ -h "$S$2" ]; then
      say error "$2 is a symbolic link: name the file that it leads to"
    elif [ ! -d "$S${2%/*}/" ]; then
      say error "the folder ${2%/*} does not exist: install what owns it, or make it"
    elif [ ! -e "$S$2" ]; then
      say none
    elif [ ! -f "$S$2" ]; then
      say error "$2 is no regular file"
    elif shown=$(described "$S$2" 2>/dev/null); then
      say v "$shown"
    else
      say error "cannot read $2"
    fi
    ;;
  unit)
    # $3 is the root of the system that the unit belongs to; empty for the running one.
    if [ -z "$3" ] && in_namespace; then
      say error "a network namespace has no services of its own: name the machine"
    elif ! has systemctl; then
      say error "there is no systemctl here: enable $2 in the way of this host's init system"
    else
      enabled=$(systemctl ${3:+--root="$3"} is-enabled -- "$2" 2>/dev/null | head -n 1)
      if [ -n "$3" ] || [ ! -d "$S/run/systemd/system" ]; then
        active=-
      else
        active=$(systemctl is-active -- "$2" 2>/dev/null | head -n 1)
        [ "$active" != failed ] || active=inactive
      fi
      case $enabled in '' | not-found) say none ;; *) say v "$enabled ${active:--}" ;; esac
    fi
    ;;
  package)
    case $(manager) in
    apt-get)
      case $(dpkg-query -W -f='${db:Status-Status}' -- "$2" 2>/dev/null) in
      installed) say v present ;;
      *) say v absent ;;
      esac
      ;;
    dnf | yum) if rpm -q -- "$2" >/dev/null 2>&1; then say v present; else say v absent; fi ;;
    *) say error "there is neither apt-get nor dnf here: install $2 in the way of this host" ;;
    esac
    ;;
  queues)
    # $3 is combined, rx or tx.
    if ! ip link show dev "$2" >/dev/null 2>&1; then
      say none
    elif ! has ethtool; then
      say error "ethtool is not installed"
    elif ! shown=$(ethtool -l "$2" 2>&1); then
      say error "$2 has no queues that can be set: $(printf '%s' "$shown" | oneline)"
    else
      case $(queued "$shown" "$3") in
      '' | *[!0-9]*) say error "$2 has no queues of the kind $3: see ethtool -l $2" ;;
      *) say v "$(queued "$shown" "$3")" ;;
      esac
    fi
    ;;
  packet-steering)
    if [ ! -e "$S/sys/class/net/$2/queues/rx-0/rps_cpus" ]; then
      if [ -e "$S/sys/class/net/$2" ]; then
        say error "$2 has no receive queues that can be steered"
      else
        say none
      fi
    else
      masks=
      queue=0
      while [ -e "$S/sys/class/net/$2/queues/rx-$queue/rps_cpus" ]; do
        mask=$(tr -d ',\n' <"$S/sys/class/net/$2/queues/rx-$queue/rps_cpus" | sed 's/^0*//')
        masks="$masks ${mask:-0}"
        queue=$((queue + 1))
      done
      say v "${masks# }"
    fi
    ;;
  interrupts)
    if [ ! -e "$S/sys/class/net/$2" ]; then
      say none
    else
      shown=
      for number in $(interrupts "$2"); do
        cpus=$(cat "$S/proc/irq/$number/smp_affinity_list" 2>/dev/null) || continue
        shown="$shown $number:$cpus"
      done
      if [ -n "$shown" ]; then say v "${shown# }"; else say error "$2 has no interrupts of its own"; fi
    fi
    ;;
  *) say v unknown ;;
  esac
}

# in_use MODULE: whether a device or port of it is in use here or in another network namespace.
in_use() {
  case $1 in
  ipip) kind=ipip ;;
  sit) kind=sit ;;
  ip6_tunnel) kind=ip6tnl ;;
  ip_gre) kind=gre ;;
  fou | fou6) kind= ;;
  *) return 1 ;;
  esac
  for each in '' $(ip netns list 2>/dev/null | cut -d' ' -f1); do
    if [ -z "$kind" ]; then
      shown=$(ip ${each:+-n "$each"} fou show 2>/dev/null)
    else
      shown=$(ip ${each:+-n "$each"} link show type "$kind" up 2>/dev/null)
    fi
    [ -z "$shown" ] || return 0
  done
  return 1
}

# unchanged FILE HEX: it still is what it was when it was looked at; HEX is none if there was none.
unchanged() {
  if [ -h "$S$1" ]; then return 1; fi
  if [ ! -e "$S$1" ]; then [ "$2" = none ]; else [ "$(hex <"$S$1")" = "$2" ]; fi
}

# perform KIND ARGUMENT...
perform() {
  performed=$1
  shift
  case $performed in
  none) return 0 ;;
  sysctl) printf '%s\n' "$2" >"$S/proc/sys/$1" ;;
  unload)
    if in_use "$1"; then
      printf '%s is in use\n' "$1" >&2
      return 1
    fi
    # Not modprobe -r: that takes modules along that were there before.
    if rmmod "$1"; then return 0; fi
    # Another network namespace of the same kernel may have been quicker, and not be done yet.
    left=10
    while [ "$left" -gt 0 ] && [ "$(cat "$S/sys/module/$1/initstate" 2>/dev/null)" = going ]; do
      sleep 1
      left=$((left - 1))
    done
    [ ! -e "$S/sys/module/$1" ]
    ;;
  write)
    unchanged "$1" "$2" || return 76
    (umask 022 && mkdir -p "$S${1%/*}") && put "$S$1" "$3" "$4"
    ;;
  remove)
    unchanged "$1" "$2" || return 76
    rm -f "$S$1" && flush "$S${1%/*}"
    ;;
  nft-delete)
    # $1 is "FAMILY TABLE CHAIN", $2 the comment of the rule.
    # shellcheck disable=SC2086 # three words
    handle=$(nft -a list chain $1 | sed -n "s/.*comment \"$2\".*# handle \([0-9][0-9]*\)\$/\1/p" | head -n 1)
    [ -n "$handle" ] || return 1
    # shellcheck disable=SC2086
    nft delete rule $1 handle "$handle"
    ;;
  install) installed "$@" ;;
  restore) restored "$@" ;;
  uninstall)
    # $1 is the file, $2 what it is.
    as_expected "$S$1" "$2" || return 76
    rm -f "$S$1" && flush "$S${1%/*}/"
    ;;
  unit)
    # $1 unit, $2 root, $3 stop, start or -, $4 enable, disable or -
    if [ "$3" = stop ]; then systemctl stop -- "$1" || return 1; fi
    # shellcheck disable=SC2086 # it may be two words
    if [ "$4" != - ]; then systemctl ${2:+--root="$2"} $4 -- "$1" || return 1; fi
    if [ "$3" = start ]; then systemctl daemon-reload && systemctl start -- "$1"; fi
    ;;
  package)
    # $1 package, $2 present or absent. Removing is left to the tools that refuse what other packages need.
    case "$(manager) $2" in
    'apt-get present')
      DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l \
        apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=60 install -- "$1"
      ;;
    'apt-get absent') DEBIAN_FRONTEND=noninteractive dpkg --remove "$1" ;;
    'dnf present') dnf -q -y install -- "$1" ;;
    'yum present') yum -q -y install -- "$1" ;;
    *) rpm -e -- "$1" ;;
    esac
    ;;
  packet-steering)
    # $1 device, then a mask for each queue; the last one also for those that follow
    device=$1
    shift
    queue=0
    while [ -e "$S/sys/class/net/$device/queues/rx-$queue/rps_cpus" ]; do
      if ! printf '%s\n' "$1" 2>/dev/null >"$S/sys/class/net/$device/queues/rx-$queue/rps_cpus"; then
        refused "$1" "queues/rx-$queue/rps_cpus of $device"
        return 1
      fi
      [ $# -lt 2 ] || shift
      queue=$((queue + 1))
    done
    [ $queue -gt 0 ]
    ;;
  interrupts)
    # NUMBER:CPUS...
    for each in "$@"; do
      if ! printf '%s\n' "${each#*:}" 2>/dev/null >"$S/proc/irq/${each%%:*}/smp_affinity_list"; then
        refused "${each#*:}" "smp_affinity_list of interrupt ${each%%:*}"
        return 1
      fi
    done
    ;;
  run) "$@" ;;
  *) return 1 ;;
  esac
}
