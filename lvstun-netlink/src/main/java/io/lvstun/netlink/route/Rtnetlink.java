// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

/**
 * Numbers of rtnetlink and of the family {@code fou}, under their C names. Sources: {@code
 * linux/rtnetlink.h}, {@code if_link.h}, {@code if_addr.h}, {@code if_tunnel.h}, {@code
 * fib_rules.h}, {@code fou.h}.
 */
final class Rtnetlink {

  static final int RTM_NEWLINK = 16;
  static final int RTM_DELLINK = 17;
  static final int RTM_GETLINK = 18;
  static final int RTM_SETLINK = 19;
  static final int RTM_NEWADDR = 20;
  static final int RTM_DELADDR = 21;
  static final int RTM_GETADDR = 22;
  static final int RTM_NEWROUTE = 24;
  static final int RTM_DELROUTE = 25;
  static final int RTM_GETROUTE = 26;
  static final int RTM_NEWRULE = 32;
  static final int RTM_DELRULE = 33;
  static final int RTM_GETRULE = 34;

  // struct ifinfomsg and IFLA_*
  static final int IFINFOMSG = 16;
  static final int IFF_UP = 1;
  static final int IFLA_IFNAME = 3;
  static final int IFLA_MTU = 4;
  static final int IFLA_LINKINFO = 18;
  static final int IFLA_EXT_MASK = 29;
  static final int RTEXT_FILTER_SKIP_STATS = 8;
  static final int IFLA_INFO_KIND = 1;
  static final int IFLA_INFO_DATA = 2;

  // IFLA_IPTUN_*: ipip, sit, ip6tnl
  static final int IFLA_IPTUN_LOCAL = 2;
  static final int IFLA_IPTUN_REMOTE = 3;
  static final int IFLA_IPTUN_TTL = 4;
  static final int IFLA_IPTUN_FLAGS = 8;
  static final int IFLA_IPTUN_PROTO = 9;
  static final int IFLA_IPTUN_COLLECT_METADATA = 19;

  // IFLA_GRE_*: gre, ip6gre
  static final int IFLA_GRE_IFLAGS = 2;
  static final int IFLA_GRE_LOCAL = 6;
  static final int IFLA_GRE_REMOTE = 7;
  static final int IFLA_GRE_TTL = 8;
  static final int IFLA_GRE_FLAGS = 13;
  static final int IFLA_GRE_COLLECT_METADATA = 18;
  static final int GRE_CSUM = 0x8000;
  static final int IP6_TNL_F_IGN_ENCAP_LIMIT = 1;

  static final int IPPROTO_IPIP = 4;
  static final int IPPROTO_IPV6 = 41;

  // struct ifaddrmsg and IFA_*
  static final int IFADDRMSG = 8;
  static final int IFA_ADDRESS = 1;
  static final int IFA_LOCAL = 2;
  static final int IFA_LABEL = 3;
  static final int IFA_CACHEINFO = 6;
  static final int IFA_FLAGS = 8;
  static final int IFA_F_NODAD = 0x02;
  static final int IFA_F_DADFAILED = 0x08;
  static final int IFA_F_DEPRECATED = 0x20;
  static final int IFA_F_TENTATIVE = 0x40;
  static final int IFA_F_PERMANENT = 0x80;

  static final int RT_SCOPE_UNIVERSE = 0;
  static final int RT_SCOPE_SITE = 200;
  static final int RT_SCOPE_LINK = 253;
  static final int RT_SCOPE_HOST = 254;
  static final int RT_SCOPE_NOWHERE = 255;

  // struct rtmsg and RTA_*
  static final int RTMSG = 12;
  static final int RTA_DST = 1;
  static final int RTA_OIF = 4;
  static final int RTA_GATEWAY = 5;
  static final int RTA_PRIORITY = 6;
  static final int RTA_PREFSRC = 7;
  static final int RTA_MULTIPATH = 9;
  static final int RTA_TABLE = 15;
  static final int RTA_VIA = 18;
  static final int RTN_UNICAST = 1;
  static final int RTN_LOCAL = 2;
  static final int RTN_BLACKHOLE = 6;
  static final int RTN_UNREACHABLE = 7;
  static final int RTN_PROHIBIT = 8;
  static final int RTPROT_STATIC = 4;
  static final int RTM_F_CLONED = 0x200;

  // struct fib_rule_hdr and FRA_*
  static final int FIB_RULE_HDR = 12;
  static final int FRA_DST = 1;
  static final int FRA_SRC = 2;
  static final int FRA_IIFNAME = 3;
  static final int FRA_PRIORITY = 6;
  static final int FRA_FWMARK = 10;
  static final int FRA_TABLE = 15;
  static final int FRA_FWMASK = 16;
  static final int FRA_OIFNAME = 17;
  static final int FRA_UID_RANGE = 20;
  static final int FRA_IP_PROTO = 22;
  static final int FRA_SPORT_RANGE = 23;
  static final int FRA_DPORT_RANGE = 24;
  static final int FR_ACT_TO_TBL = 1;
  static final int FIB_RULE_INVERT = 2;

  // Generic netlink family "fou"
  static final String FOU_GENL_NAME = "fou";
  static final int FOU_GENL_VERSION = 1;
  static final int FOU_CMD_ADD = 1;
  static final int FOU_CMD_DEL = 2;
  static final int FOU_CMD_GET = 3;
  static final int FOU_ATTR_PORT = 1;
  static final int FOU_ATTR_AF = 2;
  static final int FOU_ATTR_TYPE = 4;
  static final int FOU_ENCAP_GUE = 2;

  private Rtnetlink() {}
}
