// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads VRRP instances, sync groups and scripts. */
final class VrrpForm {

  private final StatementReader reader;

  VrrpForm(StatementReader reader) {
    this.reader = reader;
  }

  private static Grammar.Block grammar(Statement block) {
    return Grammar.TOP.block(block.keyword()).orElseThrow();
  }

  Optional<VrrpScript> script(Statement block) {
    Optional<String> command =
        block.children("script").reduce((first, last) -> last).flatMap(reader::line);
    Optional<String> name = reader.text(block);
    if (name.isEmpty() || command.isEmpty()) {
      reader.invalid(block, "name or script is missing; keepalived ignores the block");
      return Optional.empty();
    }
    Optional<VrrpScript> made =
        reader.attempt(block, () -> VrrpScript.of(name.get(), command.get()));
    if (made.isEmpty()) {
      return made;
    }
    VrrpScript[] script = {made.get()};
    for (Statement one : block.block()) {
      switch (one.keyword()) {
        case "script" -> {}
        case "interval" ->
            reader.take(one, reader.seconds(one), value -> script[0] = script[0].interval(value));
        case "timeout" ->
            reader.take(one, reader.seconds(one), value -> script[0] = script[0].timeout(value));
        case "weight" -> {
          reader.take(
              one, reader.integer(one, -253, 253), value -> script[0] = script[0].weight(value));
          reverse(one, 1);
        }
        case "rise" ->
            reader.take(
                one,
                reader.integer(one, 1, Integer.MAX_VALUE),
                value -> script[0] = script[0].rise(value));
        case "fall" ->
            reader.take(
                one,
                reader.integer(one, 1, Integer.MAX_VALUE),
                value -> script[0] = script[0].fall(value));
        default -> reader.untaken(one, grammar(block));
      }
    }
    return Optional.of(script[0]);
  }

  private void reverse(Statement statement, int argument) {
    if (statement.argument(argument).filter("reverse"::equals).isPresent()) {
      reader.noCounterpart(statement, "reverse is not read");
    }
  }

  Optional<SyncGroup> group(Statement block) {
    List<String> names =
        block
            .children("group")
            .flatMap(one -> one.block().stream())
            .map(Statement::keyword)
            .toList();
    block.block().stream()
        .filter(one -> !one.keyword().equals("group"))
        .forEach(one -> reader.untaken(one, grammar(block)));
    return reader
        .text(block)
        .flatMap(name -> reader.attempt(block, () -> new SyncGroup(name, names)));
  }

  Optional<VrrpInstance> instance(Statement block) {
    Optional<String> name = reader.text(block);
    Optional<String> device =
        block.children("interface").reduce((first, last) -> last).flatMap(reader::text);
    Optional<Integer> id =
        block
            .children("virtual_router_id")
            .reduce((first, last) -> last)
            .flatMap(one -> reader.integer(one, 1, 255));
    if (name.isEmpty() || id.isEmpty()) {
      reader.invalid(
          block, "name or virtual_router_id is missing; keepalived refuses the instance");
      return Optional.empty();
    }
    if (device.isEmpty()) {
      reader.noCounterpart(block, "an instance without interface is not read");
      return Optional.empty();
    }
    return reader
        .attempt(block, () -> VrrpInstance.of(name.get(), device.get(), id.get()))
        .map(made -> new Draft(made, block).instance());
  }

  /** An instance while its statements are read. */
  private final class Draft {
    private final Statement block;
    private final List<InetAddress> peers = new ArrayList<>();
    private VrrpInstance instance;

    Draft(VrrpInstance instance, Statement block) {
      this.instance = instance;
      this.block = block;
    }

    VrrpInstance instance() {
      block.block().forEach(this::statement);
      if (instance.state() == VrrpInstance.State.MASTER
          && (!instance.preempt() || !instance.preemptDelay().isZero())) {
        reader.invalid(
            block,
            "keepalived clears nopreempt and preempt_delay of an instance that begins as MASTER");
        instance = instance.preempt(true).preemptDelay(Duration.ZERO);
      }
      return instance.peers(peers);
    }

    private void statement(Statement one) {
      switch (one.keyword()) {
        case "interface", "virtual_router_id" -> {}
        case "state" -> state(one);
        case "priority" ->
            reader.take(
                one, reader.integer(one, 1, 255), value -> instance = instance.priority(value));
        case "advert_int" ->
            reader.take(
                one, reader.seconds(one), value -> instance = instance.advertInterval(value));
        case "version" ->
            reader.take(
                one, reader.integer(one, 2, 3), value -> instance = instance.version(value));
        case "mcast_src_ip", "unicast_src_ip" ->
            reader.take(one, reader.address(one), value -> instance = instance.source(value));
        case "nopreempt" -> instance = instance.preempt(false);
        case "preempt" -> instance = instance.preempt(true);
        case "preempt_delay" ->
            reader.take(one, reader.seconds(one), value -> instance = instance.preemptDelay(value));
        case "authentication" -> authentication(one);
        case "virtual_ipaddress" ->
            instance = instance.addresses(addresses(instance.addresses(), one));
        case "virtual_ipaddress_excluded" ->
            instance = instance.excludedAddresses(addresses(instance.excludedAddresses(), one));
        case "unicast_peer" -> one.block().forEach(this::peer);
        case "track_interface" -> one.block().forEach(this::trackedInterface);
        case "track_script" -> one.block().forEach(this::trackedScript);
        default -> reader.untaken(one, grammar(block));
      }
    }

    private void state(Statement one) {
      switch (reader.text(one).orElse("")) {
        case "MASTER" -> instance = instance.state(VrrpInstance.State.MASTER);
        case "BACKUP" -> instance = instance.state(VrrpInstance.State.BACKUP);
        default -> reader.invalid(one, "it must be MASTER or BACKUP; keepalived takes BACKUP");
      }
    }

    private void authentication(Statement one) {
      @Nullable String type = null;
      @Nullable String secret = null;
      for (Statement part : one.block()) {
        if (part.keyword().equals("auth_type")) {
          type = reader.text(part).orElse(null);
        } else if (part.keyword().equals("auth_pass")) {
          secret = reader.text(part).orElse(null);
        }
      }
      if (type == null || secret == null) {
        reader.invalid(one, "auth_type or auth_pass is missing");
        return;
      }
      if (!type.equals("PASS") && !type.equals("AH")) {
        reader.invalid(one, "auth_type must be PASS or AH; keepalived does not authenticate");
        return;
      }
      VrrpAuthentication.Type known = VrrpAuthentication.Type.valueOf(type);
      String cut = secret;
      if (secret.length() > VrrpAuthentication.LONGEST_SECRET) {
        reader.invalid(one, "keepalived takes the first 8 characters of auth_pass");
        cut = secret.substring(0, VrrpAuthentication.LONGEST_SECRET);
      }
      String used = cut;
      reader
          .attempt(one, () -> VrrpAuthentication.of(known, used))
          .ifPresent(value -> instance = instance.authentication(value));
    }

    private List<VirtualAddress> addresses(List<VirtualAddress> present, Statement values) {
      List<VirtualAddress> all = new ArrayList<>(present);
      for (Statement value : values.block()) {
        reader.attempt(value, () -> address(value)).ifPresent(all::add);
      }
      return all;
    }

    private VirtualAddress address(Statement value) {
      VirtualAddress address = VirtualAddress.of(value.keyword());
      List<String> words = value.arguments();
      for (int i = 0; i < words.size(); i++) {
        String next = i + 1 < words.size() ? words.get(i + 1) : "";
        switch (words.get(i)) {
          case "dev" -> {
            address = address.device(next);
            i++;
          }
          case "label" -> {
            address = address.label(next);
            i++;
          }
          case "brd", "broadcast", "scope", "peer", "preferred_lft" -> {
            reader.noCounterpart(value, words.get(i) + " is not read");
            i++;
          }
          default ->
              reader.noCounterpart(
                  value, ConfigSyntaxException.excerpt(words.get(i)) + " is not read");
        }
      }
      return address;
    }

    private void peer(Statement value) {
      reader.attempt(value, () -> IpAddress.parse(value.keyword())).ifPresent(peers::add);
      if (!value.arguments().isEmpty()) {
        reader.noCounterpart(value, "min_ttl and max_ttl are not read");
      }
    }

    private void trackedInterface(Statement value) {
      List<String> all = new ArrayList<>(instance.trackedInterfaces());
      all.add(value.keyword());
      reader
          .attempt(value, () -> instance.trackedInterfaces(all))
          .ifPresent(made -> instance = made);
      if (!value.arguments().isEmpty()) {
        reader.noCounterpart(value, "the weight of an interface is not read: its loss is a fault");
      }
    }

    private void trackedScript(Statement value) {
      Optional<Integer> weight = Optional.empty();
      if (value.argument(0).filter("weight"::equals).isPresent()) {
        weight = reader.number(value, value.argument(1).orElse(""), -253, 253).map(Long::intValue);
        reverse(value, 2);
      }
      Optional<Integer> taken = weight;
      reader
          .attempt(value, () -> new VrrpInstance.TrackedScript(value.keyword(), taken))
          .ifPresent(
              script -> {
                List<VrrpInstance.TrackedScript> all = new ArrayList<>(instance.trackedScripts());
                all.add(script);
                instance = instance.trackedScripts(all);
              });
    }
  }
}
