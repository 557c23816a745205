// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.message;

/** Numbers of the netlink protocol, under their C names. Source: {@code linux/netlink.h}. */
public final class Netlink {

  /** Nothing. */
  public static final int NLMSG_NOOP = 1;

  /** An error number, 0 for an acknowledgement. */
  public static final int NLMSG_ERROR = 2;

  /** The end of a dump. */
  public static final int NLMSG_DONE = 3;

  /** Every request has it. */
  public static final int NLM_F_REQUEST = 0x01;

  /** Part of an answer of several messages. */
  public static final int NLM_F_MULTI = 0x02;

  /** Answer even if there is no error. */
  public static final int NLM_F_ACK = 0x04;

  /** In an answer: the dump is inconsistent. */
  public static final int NLM_F_DUMP_INTR = 0x10;

  /** Return all entries. */
  public static final int NLM_F_DUMP = 0x300;

  /** In a request that makes something: fail if it is there. */
  public static final int NLM_F_EXCL = 0x200;

  /** In a request that makes something: make it. */
  public static final int NLM_F_CREATE = 0x400;

  /** In an error: the request's payload is not repeated. */
  public static final int NLM_F_CAPPED = 0x100;

  /** In an error: attributes follow. */
  public static final int NLM_F_ACK_TLVS = 0x200;

  /** Attribute of an error: text. */
  public static final int NLMSGERR_ATTR_MSG = 1;

  /** Size of {@code struct nlmsghdr}. */
  public static final int NLMSG_HDRLEN = 16;

  /** Size of {@code struct nlattr}. */
  public static final int NLA_HDRLEN = 4;

  /** Set for an attribute that holds attributes. */
  public static final int NLA_F_NESTED = 0x8000;

  /** The bits of an attribute's type that are its number. */
  public static final int NLA_TYPE_MASK = 0x3fff;

  private Netlink() {}

  static int align(int length) {
    return (length + 3) & ~3;
  }
}
