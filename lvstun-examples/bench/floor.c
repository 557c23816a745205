// SPDX-License-Identifier: Apache-2.0
//
// The floor: the least time in which this kernel takes and gives the objects of a benchmark through
// the netlink family IPVS. One process, one socket, messages written by hand, many in each send.
// Nothing that goes through the same kernel interface can be faster; if something is, this is wrong.
//
//   floor [OPTION...] SHAPE WORK...
//
// SHAPE is SERVICESxSERVERS: 1000x10 is a thousand services with ten real servers each. Each WORK
// prints a line: its name, and how long it took in nanoseconds, from the first byte encoded to the
// last byte decoded. Opening the socket is not in it.
//
//   flush         removes every service (first thing in most sequences)
//   apply         adds the services and servers
//   read          reads all services and servers back, and decodes them
//   weight        changes the weight of one server, and waits for the answer: the median of 11 times,
//                 each that of 20 changes, divided by 20
//   replace       replaces one server in ten by another, additions first; and the next time, back
//   verified      reads as one must to notice what a dump passes over while others write: the services
//                 twice, the servers into buffers that show that there is no further one
//   calls         what write() and recv() of no descriptor take, each
//   check         not timed: reads, and compares with what should be there
//
//   --batch BYTES   at most so much in one send (default 32768)
//   --ack each|last ask for an acknowledgement of each message, or only of the last one in a send;
//                   errors are reported in both cases (default last)
//   --buffer BYTES  receive into buffers of this size only (default: what fits the dump before)
//   --sockets N     read the servers over so many sockets, each in a thread of its own (default 1): the
//                   kernel makes a dump in the thread that asks; starting the threads is timed too
//   --netns NAME    work in this network namespace of `ip netns`
//   --help          this text
//
// On buffers: the kernel makes each datagram of a dump in memory as large as the largest buffer that
// the socket ever received into, from a page to 32 KiB, less its own bookkeeping of 320 bytes, and may
// clear that memory first (CONFIG_INIT_ON_ALLOC_DEFAULT_ON, as in Debian's kernels). Most services
// have few servers: small buffers are the fast ones for them, and large ones for long dumps. So there
// is a socket for each size, chosen by the length of the dump before.
//
// Exit status: 0; 1 when the kernel refused something or what was read is wrong; 2 for a wrong call.
//
// Facts from linux/ip_vs.h, linux/genetlink.h, linux/netlink.h.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  LONGEST_MESSAGE = 256,
  LARGE = 2,  // the last of `sizes`
  MOST_SOCKETS = 16,
  WEIGHT_ROUNDS = 11,
  WEIGHT_CHANGES = 20,
  FORWARD_TUNNEL = 2,
  PORT = 80,
};

static int services, servers;  // servers: of each service
static int batch_bytes = 32768;
static bool ack_each;

static int sizes[] = {3776, 7872, 32448};  // of receive buffers
static int smallest;                       // the first socket that may be chosen
static int readers = 1;                    // threads that read servers
static uint16_t family;

// Each reader has its own.
static _Thread_local int sockets[] = {-1, -1, -1};  // which have received into buffers of their size only
static _Thread_local int fitting = LARGE;           // the socket for the next dump
static _Thread_local uint32_t sequence;
static _Thread_local uint8_t *answer;
static _Thread_local int found_servers_count;
static uint8_t *batch;
static int batch_used, batch_count;  // bytes and messages in it
static int batch_last;               // where its last message begins
static bool replaced;            // whether every tenth server is the other one now

static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("floor: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(1);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

// ------------------------------------------------------------------------------- what is written

static uint32_t service_address(int service) { return htonl(0x0a000001u + (uint32_t)service); }

// Every tenth server has a second self, which `replace` swaps in.
static uint32_t server_address(int service, int server, bool second) {
  uint32_t number = (uint32_t)service * (uint32_t)servers + (uint32_t)server;
  return htonl((second && number % 10 == 0 ? 0xac180001u : 0xac100001u) + number);
}

static bool replaceable(int service, int server) {
  return ((uint32_t)service * (uint32_t)servers + (uint32_t)server) % 10 == 0;
}

// ------------------------------------------------------------------------------------- writing

static uint8_t *put(uint8_t *at, uint16_t type, const void *value, uint16_t length) {
  struct nlattr *attribute = (struct nlattr *)at;
  attribute->nla_len = (uint16_t)(NLA_HDRLEN + length);
  attribute->nla_type = type;
  memcpy(at + NLA_HDRLEN, value, length);
  memset(at + NLA_HDRLEN + length, 0, NLA_ALIGN(length) - length);
  return at + NLA_HDRLEN + NLA_ALIGN(length);
}

static uint8_t *put16(uint8_t *at, uint16_t type, uint16_t value) { return put(at, type, &value, 2); }
static uint8_t *put32(uint8_t *at, uint16_t type, uint32_t value) { return put(at, type, &value, 4); }

static uint8_t *open_nest(uint8_t *at, uint16_t type) {
  ((struct nlattr *)at)->nla_type = type | NLA_F_NESTED;
  return at + NLA_HDRLEN;
}

static void close_nest(uint8_t *nest, const uint8_t *end) {
  ((struct nlattr *)nest)->nla_len = (uint16_t)(end - nest);
}

// Header of a message of family IPVS; the length follows in `finish`.
static uint8_t *begin(uint8_t *at, uint8_t command, uint16_t flags) {
  struct nlmsghdr *header = (struct nlmsghdr *)at;
  struct genlmsghdr *generic = (struct genlmsghdr *)(at + NLMSG_HDRLEN);
  header->nlmsg_type = family;
  header->nlmsg_flags = NLM_F_REQUEST | flags;
  header->nlmsg_seq = ++sequence;
  header->nlmsg_pid = 0;
  generic->cmd = command;
  generic->version = 1;
  generic->reserved = 0;
  return at + NLMSG_HDRLEN + GENL_HDRLEN;
}

static int finish(uint8_t *message, const uint8_t *end) {
  ((struct nlmsghdr *)message)->nlmsg_len = (uint32_t)(end - message);
  return (int)(end - message);
}

static uint8_t *put_service_key(uint8_t *at, int service) {
  uint32_t address = service_address(service);
  at = put16(at, IPVS_SVC_ATTR_AF, AF_INET);
  at = put16(at, IPVS_SVC_ATTR_PROTOCOL, IPPROTO_TCP);
  at = put(at, IPVS_SVC_ATTR_ADDR, &address, 4);
  return put16(at, IPVS_SVC_ATTR_PORT, htons(PORT));
}

static uint8_t *put_key_nest(uint8_t *at, int service) {
  uint8_t *nest = at;
  at = put_service_key(open_nest(at, IPVS_CMD_ATTR_SERVICE), service);
  close_nest(nest, at);
  return at;
}

static int encode_service(uint8_t *message, int service) {
  struct ip_vs_flags flags = {.flags = 0, .mask = ~0u};
  uint8_t *nest = begin(message, IPVS_CMD_NEW_SERVICE, 0);
  uint8_t *at = put_service_key(open_nest(nest, IPVS_CMD_ATTR_SERVICE), service);
  at = put(at, IPVS_SVC_ATTR_SCHED_NAME, "rr", 3);
  at = put(at, IPVS_SVC_ATTR_FLAGS, &flags, sizeof flags);
  at = put32(at, IPVS_SVC_ATTR_TIMEOUT, 0);
  at = put32(at, IPVS_SVC_ATTR_NETMASK, ~0u);
  close_nest(nest, at);
  return finish(message, at);
}

static int encode_server(uint8_t *message, uint8_t command, int service, uint32_t address, uint32_t weight) {
  uint8_t *at = put_key_nest(begin(message, command, 0), service);
  uint8_t *nest = at;
  at = put(open_nest(at, IPVS_CMD_ATTR_DEST), IPVS_DEST_ATTR_ADDR, &address, 4);
  at = put16(at, IPVS_DEST_ATTR_PORT, htons(PORT));
  at = put16(at, IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET);
  if (command != IPVS_CMD_DEL_DEST) {
    // Attributes of the tunnel that are left out stand for IP in IP.
    at = put32(at, IPVS_DEST_ATTR_FWD_METHOD, FORWARD_TUNNEL);
    at = put32(at, IPVS_DEST_ATTR_WEIGHT, weight);
    at = put32(at, IPVS_DEST_ATTR_U_THRESH, 0);
    at = put32(at, IPVS_DEST_ATTR_L_THRESH, 0);
  }
  close_nest(nest, at);
  return finish(message, at);
}

// --------------------------------------------------------------------------------------- sockets

static int open_socket(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
  if (fd < 0) fail("socket: %s", strerror(errno));
  struct sockaddr_nl own = {.nl_family = AF_NETLINK};
  if (bind(fd, (struct sockaddr *)&own, sizeof own) != 0) fail("bind: %s", strerror(errno));
  return fd;
}

static void open_large(void) {
  int on = 1, bytes = 1 << 20, fd = open_socket();
  if (setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on) != 0 ||
      setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0 ||
      setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) != 0) {
    fail("setsockopt: %s", strerror(errno));
  }
  sockets[LARGE] = fd;
}

// ------------------------------------------------------------------------------ sending in batches

// The next datagram, whole.
static int receive(int fd, int limit) {
  ssize_t count = recv(fd, answer, (size_t)limit, MSG_TRUNC);
  if (count < 0) fail("recv: %s", strerror(errno));
  if (count > limit) fail("a datagram of %zd bytes does not fit %d", count, limit);
  return (int)count;
}

static void send_bytes(int fd, const void *bytes, int length) {
  static const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  ssize_t count = sendto(fd, bytes, (size_t)length, 0, (const struct sockaddr *)&kernel, sizeof kernel);
  if (count != length) fail("send of %d bytes: %s", length, count < 0 ? strerror(errno) : "short");
}

// The kernel carries out every message of a send before the call returns; its answers wait then.
static void send_batch(void) {
  if (batch_used == 0) return;
  struct nlmsghdr *last = (struct nlmsghdr *)(batch + batch_last);
  last->nlmsg_flags |= NLM_F_ACK;
  send_bytes(sockets[LARGE], batch, batch_used);
  for (int unanswered = ack_each ? batch_count : 1; unanswered > 0;) {
    int count = receive(sockets[LARGE], sizes[LARGE]);
    for (struct nlmsghdr *header = (struct nlmsghdr *)answer; NLMSG_OK(header, count);
         header = NLMSG_NEXT(header, count)) {
      if (header->nlmsg_type != NLMSG_ERROR) fail("unexpected answer of type %d", header->nlmsg_type);
      struct nlmsgerr *error = NLMSG_DATA(header);
      if (error->error != 0) {
        fail("message %d of a send: %s", batch_count - (int)(sequence - header->nlmsg_seq),
             strerror(-error->error));
      }
      unanswered--;
    }
  }
  batch_used = batch_count = 0;
}

static uint8_t *room(void) {
  if (batch_used + LONGEST_MESSAGE > batch_bytes) send_batch();
  batch_last = batch_used;
  return batch + batch_used;
}

static void written(int length) {
  if (ack_each) ((struct nlmsghdr *)(batch + batch_last))->nlmsg_flags |= NLM_F_ACK;
  batch_used += length;
  batch_count++;
}

// ----------------------------------------------------------------------------------------- reading

struct server {
  uint8_t address[16];
  uint16_t port, address_family, tunnel_port, tunnel_flags;
  uint8_t tunnel_type;
  uint32_t forward, weight, upper, lower, active, inactive, persistent;
  uint64_t counters[10];
};

struct service {
  uint8_t address[16];
  uint16_t address_family, protocol, port;
  uint32_t mark, timeout, netmask;
  struct ip_vs_flags flags;
  char scheduler[IP_VS_SCHEDNAME_MAXLEN], engine[IP_VS_PENAME_MAXLEN];
  uint64_t counters[10];
  int first, count;  // of its servers in `found_servers`
};

static struct service *found_services;
static struct server *found_servers;
static int found_services_count, found_services_limit, found_servers_limit;

#define FOR_ATTRIBUTES(attribute, from, length)                                              \
  for (const struct nlattr *attribute = (from), *end_ = (const void *)((const uint8_t *)(from) + (length)); \
       attribute < end_;                                                                     \
       attribute = (const void *)((const uint8_t *)attribute + NLA_ALIGN(attribute->nla_len)))

static const void *value(const struct nlattr *attribute) { return (const uint8_t *)attribute + NLA_HDRLEN; }
static int length(const struct nlattr *attribute) { return attribute->nla_len - NLA_HDRLEN; }
static int type(const struct nlattr *attribute) { return attribute->nla_type & NLA_TYPE_MASK; }
static uint16_t u16(const struct nlattr *attribute) { return *(const uint16_t *)value(attribute); }
static uint32_t u32(const struct nlattr *attribute) { return *(const uint32_t *)value(attribute); }

static void decode_counters(const struct nlattr *nest, uint64_t *counters) {
  FOR_ATTRIBUTES(attribute, value(nest), length(nest)) {
    int which = type(attribute);
    if (which >= IPVS_STATS_ATTR_CONNS && which <= IPVS_STATS_ATTR_OUTBPS) {
      memcpy(&counters[which - 1], value(attribute), sizeof *counters);
    }
  }
}

static void decode_service(const struct nlattr *nest, struct service *service) {
  FOR_ATTRIBUTES(attribute, value(nest), length(nest)) {
    switch (type(attribute)) {
      case IPVS_SVC_ATTR_AF: service->address_family = u16(attribute); break;
      case IPVS_SVC_ATTR_PROTOCOL: service->protocol = u16(attribute); break;
      case IPVS_SVC_ATTR_ADDR: memcpy(service->address, value(attribute), 16); break;
      case IPVS_SVC_ATTR_PORT: service->port = u16(attribute); break;
      case IPVS_SVC_ATTR_FWMARK: service->mark = u32(attribute); break;
      case IPVS_SVC_ATTR_SCHED_NAME:
        memcpy(service->scheduler, value(attribute), (size_t)length(attribute)); break;
      case IPVS_SVC_ATTR_PE_NAME:
        memcpy(service->engine, value(attribute), (size_t)length(attribute)); break;
      case IPVS_SVC_ATTR_FLAGS: memcpy(&service->flags, value(attribute), 8); break;
      case IPVS_SVC_ATTR_TIMEOUT: service->timeout = u32(attribute); break;
      case IPVS_SVC_ATTR_NETMASK: service->netmask = u32(attribute); break;
      case IPVS_SVC_ATTR_STATS64: decode_counters(attribute, service->counters); break;
      default: break;
    }
  }
}

static void decode_server(const struct nlattr *nest, struct server *server) {
  FOR_ATTRIBUTES(attribute, value(nest), length(nest)) {
    switch (type(attribute)) {
      case IPVS_DEST_ATTR_ADDR: memcpy(server->address, value(attribute), 16); break;
      case IPVS_DEST_ATTR_PORT: server->port = u16(attribute); break;
      case IPVS_DEST_ATTR_FWD_METHOD: server->forward = u32(attribute); break;
      case IPVS_DEST_ATTR_WEIGHT: server->weight = u32(attribute); break;
      case IPVS_DEST_ATTR_U_THRESH: server->upper = u32(attribute); break;
      case IPVS_DEST_ATTR_L_THRESH: server->lower = u32(attribute); break;
      case IPVS_DEST_ATTR_ACTIVE_CONNS: server->active = u32(attribute); break;
      case IPVS_DEST_ATTR_INACT_CONNS: server->inactive = u32(attribute); break;
      case IPVS_DEST_ATTR_PERSIST_CONNS: server->persistent = u32(attribute); break;
      case IPVS_DEST_ATTR_ADDR_FAMILY: server->address_family = u16(attribute); break;
      case IPVS_DEST_ATTR_STATS64: decode_counters(attribute, server->counters); break;
      case IPVS_DEST_ATTR_TUN_TYPE: server->tunnel_type = *(const uint8_t *)value(attribute); break;
      case IPVS_DEST_ATTR_TUN_PORT: server->tunnel_port = u16(attribute); break;
      case IPVS_DEST_ATTR_TUN_FLAGS: server->tunnel_flags = u16(attribute); break;
      default: break;
    }
  }
}

static struct service *next_service(void) {
  if (found_services_count == found_services_limit) fail("more services than were written");
  struct service *service = &found_services[found_services_count++];
  memset(service, 0, sizeof *service);
  return service;
}

static struct server *next_server(void) {
  if (found_servers_count == found_servers_limit) fail("more servers than were written");
  struct server *server = &found_servers[found_servers_count++];
  memset(server, 0, sizeof *server);
  return server;
}

// Reads one datagram of a dump; returns whether that was the end.
static bool read_datagram(int count) {
  for (struct nlmsghdr *header = (struct nlmsghdr *)answer; NLMSG_OK(header, count);
       header = NLMSG_NEXT(header, count)) {
    if (header->nlmsg_type == NLMSG_DONE) return true;
    if (header->nlmsg_type == NLMSG_ERROR) {
      fail("dump: %s", strerror(-((struct nlmsgerr *)NLMSG_DATA(header))->error));
    }
    const struct nlattr *nest = (const void *)((uint8_t *)header + NLMSG_HDRLEN + GENL_HDRLEN);
    if (type(nest) == IPVS_CMD_ATTR_SERVICE) {
      decode_service(nest, next_service());
    } else {
      decode_server(nest, next_server());
    }
  }
  return false;
}

// Asks for a dump and reads it, on the socket that fits the dump before.
static void dump(const uint8_t *request, int length) {
  int chosen = fitting, fd = sockets[chosen], bytes = 0, datagrams = 0;
  if (fd < 0) fd = sockets[chosen] = open_socket();
  send_bytes(fd, request, length);
  for (;;) {
    // The end comes in a datagram of its own. What is longer than expected goes on in large ones.
    int count = receive(fd, sizes[datagrams < 2 ? chosen : LARGE]);
    datagrams++;
    if (read_datagram(count)) break;
    bytes += count;
  }
  if (datagrams > 2 && chosen != LARGE) {
    close(fd);
    sockets[chosen] = -1;
  }
  for (fitting = smallest; fitting < LARGE && bytes > sizes[fitting];) fitting++;
}

static void read_servers(struct service *service) {
  uint8_t message[LONGEST_MESSAGE];
  uint8_t *nest = begin(message, IPVS_CMD_GET_DEST, NLM_F_DUMP);
  uint8_t *at = open_nest(nest, IPVS_CMD_ATTR_SERVICE);
  at = put16(at, IPVS_SVC_ATTR_AF, service->address_family);
  at = put16(at, IPVS_SVC_ATTR_PROTOCOL, service->protocol);
  at = put(at, IPVS_SVC_ATTR_ADDR, service->address, 16);
  at = put16(at, IPVS_SVC_ATTR_PORT, service->port);
  close_nest(nest, at);
  service->first = found_servers_count;
  dump(message, finish(message, at));
  service->count = found_servers_count - service->first;
}

static void read_services(void) {
  uint8_t message[LONGEST_MESSAGE];
  found_services_count = found_servers_count = 0;
  fitting = LARGE;
  dump(message, finish(message, begin(message, IPVS_CMD_GET_SERVICE, NLM_F_DUMP)));
}

static void read_all_servers(int from, int to) {
  fitting = smallest;
  for (int i = from; i < to; i++) read_servers(&found_services[i]);
}

static void *read_share(void *number) {
  long share = (long)(intptr_t)number;
  answer = malloc((size_t)sizes[LARGE]);
  if (!answer) fail("no memory");
  open_large();
  found_servers_count = (int)(found_servers_limit * share / readers);
  read_all_servers((int)(found_services_count * share / readers),
                   (int)(found_services_count * (share + 1) / readers));
  for (int k = 0; k <= LARGE; k++) {
    if (sockets[k] >= 0) close(sockets[k]);
  }
  free(answer);
  return NULL;
}

static void read_everything(void) {
  read_services();
  if (readers == 1) {
    read_all_servers(0, found_services_count);
    return;
  }
  pthread_t threads[MOST_SOCKETS];
  for (int i = 0; i < readers; i++) {
    errno = pthread_create(&threads[i], NULL, read_share, (void *)(intptr_t)i);
    if (errno != 0) fail("thread: %s", strerror(errno));
  }
  for (int i = 0; i < readers; i++) pthread_join(threads[i], NULL);
}

static void read_verified(void) {
  read_services();
  smallest = 1;
  read_everything();
  smallest = 0;
}

// -------------------------------------------------------------------------------------------- work

static void flush(void) {
  written(finish(batch, begin(room(), IPVS_CMD_FLUSH, 0)));
  send_batch();
  replaced = false;
}

static void apply(void) {
  for (int i = 0; i < services; i++) {
    written(encode_service(room(), i));
    for (int j = 0; j < servers; j++) {
      written(encode_server(room(), IPVS_CMD_NEW_DEST, i, server_address(i, j, false), 1));
    }
  }
  send_batch();
}

static void swap(uint8_t command, bool second) {
  for (int i = 0; i < services; i++) {
    for (int j = 0; j < servers; j++) {
      if (replaceable(i, j)) {
        written(encode_server(room(), command, i, server_address(i, j, second), 1));
      }
    }
  }
}

static void replace(void) {
  swap(IPVS_CMD_NEW_DEST, !replaced);
  swap(IPVS_CMD_DEL_DEST, replaced);
  send_batch();
  replaced = !replaced;
}

static void change_weight(uint32_t weight) {
  written(encode_server(room(), IPVS_CMD_SET_DEST, 0, server_address(0, servers - 1, replaced), weight));
  send_batch();
}

static int compare_times(const void *left, const void *right) {
  int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
  return (a > b) - (a < b);
}

static int64_t median_weight_change(void) {
  int64_t times[WEIGHT_ROUNDS];
  for (int i = 0; i < WEIGHT_ROUNDS; i++) {
    int64_t from = now();
    for (uint32_t k = 1; k <= WEIGHT_CHANGES; k++) change_weight(1 + ((uint32_t)i + k) % 100);
    times[i] = (now() - from) / WEIGHT_CHANGES;
  }
  change_weight(1);
  qsort(times, WEIGHT_ROUNDS, sizeof *times, compare_times);
  return times[WEIGHT_ROUNDS / 2];
}

// Calls that do nothing, a call: what is left of one without its work.
static void empty_calls(void) {
  enum { CALLS = 20000 };
  int64_t from = now();
  for (int i = 0; i < CALLS; i++) {
    if (write(-1, NULL, 0) != -1) fail("there is no descriptor -1");
  }
  int64_t between = now();
  for (int i = 0; i < CALLS; i++) {
    if (recv(-1, NULL, 0, 0) != -1) fail("there is no descriptor -1");
  }
  printf("write %lld\nrecv %lld\n", (long long)(between - from) / CALLS, (long long)(now() - between) / CALLS);
}

// What was read must be what was written: each service once, each with its servers.
static void check(void) {
  read_everything();
  if (found_services_count != services) fail("%d services instead of %d", found_services_count, services);
  bool *seen = calloc((uint32_t)services, sizeof *seen);
  for (int i = 0; i < found_services_count; i++) {
    const struct service *service = &found_services[i];
    uint32_t address;
    memcpy(&address, service->address, 4);
    int number = (int)(ntohl(address) - ntohl(service_address(0)));
    if (number < 0 || number >= services || seen[number]) fail("service %08x", ntohl(address));
    seen[number] = true;
    if (service->count != servers) fail("%d servers instead of %d", service->count, servers);
    bool *there = calloc((uint32_t)servers, sizeof *there);
    for (int k = service->first; k < service->first + service->count; k++) {
      const struct server *server = &found_servers[k];
      memcpy(&address, server->address, 4);
      bool second = ntohl(address) >= ntohl(server_address(0, 0, true));
      int which = (int)(ntohl(address) - ntohl(server_address(number, 0, false)));
      if (second) which -= (int)(ntohl(server_address(0, 0, true)) - ntohl(server_address(0, 0, false)));
      if (which < 0 || which >= servers || there[which] ||
          address != server_address(number, which, replaced) || second != (replaced && replaceable(number, which)) ||
          server->forward != FORWARD_TUNNEL || server->port != htons(PORT)) {
        fail("server %08x of service %d", ntohl(address), number);
      }
      there[which] = true;
    }
    free(there);
  }
  free(seen);
}

// ------------------------------------------------------------------------------------------- start

static uint16_t find_family(void) {
  uint8_t message[LONGEST_MESSAGE];
  family = GENL_ID_CTRL;
  uint8_t *at = put(begin(message, CTRL_CMD_GETFAMILY, 0), CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME, sizeof IPVS_GENL_NAME);
  send_bytes(sockets[LARGE], message, finish(message, at));
  int count = receive(sockets[LARGE], sizes[LARGE]);
  struct nlmsghdr *header = (struct nlmsghdr *)answer;
  if (!NLMSG_OK(header, count)) fail("no answer about the family IPVS");
  if (header->nlmsg_type == NLMSG_ERROR) {
    fail("family IPVS: %s", strerror(-((struct nlmsgerr *)NLMSG_DATA(header))->error));
  }
  FOR_ATTRIBUTES(attribute, (const void *)((uint8_t *)header + NLMSG_HDRLEN + GENL_HDRLEN),
                 header->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN) {
    if (type(attribute) == CTRL_ATTR_FAMILY_ID) return u16(attribute);
  }
  fail("the family IPVS has no number");
  return 0;
}

static void enter(const char *namespace) {
  char path[256];
  snprintf(path, sizeof path, "/run/netns/%s", namespace);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || setns(fd, CLONE_NEWNET) != 0) fail("%s: %s", path, strerror(errno));
  close(fd);
}

static void usage(FILE *to) {
  fputs("Usage: floor [--batch BYTES] [--ack each|last] [--buffer BYTES] [--sockets N] [--netns NAME] SERVICESxSERVERS WORK...\n"
        "WORK is flush, apply, read, verified, weight, replace, calls or check. Prints each with its time in nanoseconds.\n", to);
}

static void wrong(const char *argument) {
  fprintf(stderr, "floor: cannot use %s\n", argument);
  usage(stderr);
  exit(2);
}

static int number(const char *text, int least, int most) {
  char *end;
  errno = 0;
  long value = strtol(text, &end, 10);
  if (errno != 0 || *end != 0 || end == text || value < least || value > most) wrong(text);
  return (int)value;
}

static void run(const char *work) {
  int64_t from = now(), took = -1;
  if (strcmp(work, "flush") == 0) flush();
  else if (strcmp(work, "apply") == 0) apply();
  else if (strcmp(work, "read") == 0) read_everything();
  else if (strcmp(work, "replace") == 0) replace();
  else if (strcmp(work, "weight") == 0) took = median_weight_change();
  else if (strcmp(work, "verified") == 0) read_verified();
  else if (strcmp(work, "calls") == 0) empty_calls();
  else if (strcmp(work, "check") == 0) check();
  else wrong(work);
  if (took < 0) took = now() - from;
  printf("%s %lld\n", work, (long long)took);
  fflush(stdout);
}

int main(int count, char **arguments) {
  int i = 1;
  for (; i < count && strncmp(arguments[i], "--", 2) == 0; i++) {
    const char *option = arguments[i], *next = i + 1 < count ? arguments[i + 1] : "";
    if (strcmp(option, "--help") == 0) {
      usage(stdout);
      return 0;
    } else if (strcmp(option, "--batch") == 0) {
      batch_bytes = number(next, LONGEST_MESSAGE, 1 << 19);
    } else if (strcmp(option, "--buffer") == 0) {
      for (int k = 0; k <= LARGE; k++) sizes[k] = number(next, 4000, 1 << 20);
    } else if (strcmp(option, "--sockets") == 0) {
      readers = number(next, 1, MOST_SOCKETS);
    } else if (strcmp(option, "--netns") == 0 && *next != 0) {
      enter(next);
    } else if (strcmp(option, "--ack") == 0 && (strcmp(next, "each") == 0 || strcmp(next, "last") == 0)) {
      ack_each = strcmp(next, "each") == 0;
    } else {
      wrong(option);
    }
    i++;
  }
  if (count - i < 2) {
    usage(stderr);
    return 2;
  }
  char rest;
  if (sscanf(arguments[i], "%dx%d%c", &services, &servers, &rest) != 2 || services < 1 || servers < 1 ||
      services > 60000 || servers > 60000 || (long)services * servers > 500000) {
    wrong(arguments[i]);
  }
  if (readers > services) readers = services;
  batch = malloc((size_t)batch_bytes);
  answer = malloc((size_t)sizes[LARGE]);
  found_services_limit = services + 1;
  found_servers_limit = services * servers * 2;
  found_services = malloc(sizeof *found_services * (size_t)found_services_limit);
  found_servers = malloc(sizeof *found_servers * (size_t)found_servers_limit);
  if (!batch || !answer || !found_services || !found_servers) fail("no memory");
  memset(found_services, 0, sizeof *found_services * (size_t)found_services_limit);
  memset(found_servers, 0, sizeof *found_servers * (size_t)found_servers_limit);
  open_large();
  family = find_family();
  for (i++; i < count; i++) run(arguments[i]);
  return 0;
}
