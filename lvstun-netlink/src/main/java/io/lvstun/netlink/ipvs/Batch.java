// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.Command;
import io.lvstun.LvsException;
import io.lvstun.ProtocolException;
import io.lvstun.TimeoutException;
import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.netlink.message.Netlink;
import io.lvstun.netlink.socket.Deadline;
import io.lvstun.netlink.socket.NetlinkSession;
import io.lvstun.netlink.socket.NoAnswerException;
import io.lvstun.netlink.socket.RefusedException;
import io.lvstun.netlink.socket.SystemCallException;
import io.lvstun.spi.Aftermath;
import io.lvstun.spi.Aftermath.Fate;
import io.lvstun.spi.KernelError;
import io.lvstun.spi.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Carries commands out, many in one send.
 *
 * <p>The kernel works through a send in order and puts its answers in the queue meanwhile. Only the
 * last command of a send asks for an acknowledgement; of the others only errors are reported. So
 * when the acknowledgement is there and nothing was lost, a command without an error was done. How
 * many commands go into one send is limited such that the queue takes an error for each.
 *
 * <p>When answers are missing, the state is read to learn what became of the commands.
 */
final class Batch {

  /** What an error takes of the queue, with the kernel's overhead, at most. */
  private static final int QUEUED_ERROR = 1280;

  /**
   * How long to wait for the acknowledgement of a stop before looking whether the daemon still
   * runs. The kernel sends none if it stops a daemon's thread that has not run yet: kthread_stop()
   * returns EINTR then, which netlink takes for "send nothing".
   */
  private static final Duration STOP_PATIENCE = Duration.ofMillis(20);

  /** How often commands are sent again because the module was loaded again. */
  private static final int FAMILY_CHANGES = 3;

  private static final int UNANSWERED = -1;

  /** For how many commands of a send there is room at first. */
  private static final int MOST_EXPECTED = 512;

  private final Channel channel;
  private final List<Command> commands;
  private final @Nullable Outcome[] outcomes;
  private int familyChanges;

  /** Why the answers of the send under way are missing, if an exception tells. */
  private @Nullable RuntimeException why;

  // The send under way: which commands, and the error of each.
  private int[] sent;
  private int[] errors;
  private @Nullable String[] texts;
  private int sentCount;

  private enum Answer {
    COMPLETE(""),
    SILENCE("the kernel did not answer before the deadline"),
    LOST("the kernel's answer did not fit the queue"),
    INTERRUPTED("interrupted before the kernel answered"),
    MALFORMED("the kernel's answer is malformed"),
    FAILED("the kernel's answer could not be received");

    final String reason;

    Answer(String reason) {
      this.reason = reason;
    }
  }

  Batch(Channel channel, List<Command> commands) {
    this.channel = channel;
    this.commands = commands;
    outcomes = new @Nullable Outcome[commands.size()];
    int expected = Math.min(commands.size(), MOST_EXPECTED);
    sent = new int[expected];
    errors = new int[expected];
    texts = new @Nullable String[expected];
  }

  /**
   * Decides a command without sending it.
   *
   * @param index the command
   * @param error why it cannot be carried out
   */
  void refuse(int index, LvsException error) {
    outcomes[index] = Outcome.failed(commands.get(index), error);
  }

  /** Carries out what is undecided. */
  List<Outcome> run() {
    for (int next = 0; next < outcomes.length; next++) {
      if (outcomes[next] == null) {
        try {
          send(next, Integer.MAX_VALUE);
        } catch (RefusedException | NoAnswerException | SystemCallException e) {
          // Before anything was sent: the family could not be found, or the socket not be opened.
          channel.replace();
          failUnsent(e);
        }
        // Commands that are still undecided are to be sent again.
        next--;
      }
    }
    if (outcomes.length == 1 && outcomes[0] != null) {
      return List.of(outcomes[0]);
    }
    List<Outcome> result = new ArrayList<>(outcomes.length);
    for (Outcome outcome : outcomes) {
      if (outcome == null) {
        throw new AssertionError("a command is undecided");
      }
      result.add(outcome);
    }
    return result;
  }

  /** Sends undecided commands, as many as fit, and decides them. */
  private void send(int from, int most) {
    NetlinkSession session = channel.session();
    int family = channel.family();
    int first = write(session, family, from, most);
    Answer answer;
    why = null;
    boolean stop = sentCount == 1 && commands.get(sent[0]) instanceof Command.StopDaemon;
    Deadline deadline = channel.deadline();
    try {
      try {
        session.send();
      } catch (SystemCallException e) {
        fill(e.errno());
        decide();
        return;
      }
      answer = receive(session, first, stop ? deadline.orIn(STOP_PATIENCE) : deadline);
      if (answer == Answer.SILENCE && stop && !deadline.passed()) {
        if (stopped()) {
          answer = Answer.COMPLETE;
          fill(0);
        } else {
          answer = receive(session, first, deadline);
        }
      }
    } catch (ProtocolException e) {
      answer = Answer.MALFORMED;
      why = e;
    } catch (SystemCallException e) {
      answer = Answer.FAILED;
      why = e;
    }
    if (answer != Answer.COMPLETE) {
      channel.replace();
      // What follows is waited for by its own deadline; the caller gets the interrupt afterwards.
      boolean interrupted = Thread.interrupted();
      try {
        decideUnanswered(answer);
        decide();
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      if (answer == Answer.INTERRUPTED) {
        refuseUnsent();
      }
      return;
    }
    decide();
  }

  private int write(NetlinkSession session, int family, int from, int most) {
    MessageWriter writer = session.writer();
    writer.clear();
    int room = Math.min(most, Math.max(1, session.receiveQueueBytes() / QUEUED_ERROR));
    int first = session.takeSequence(0);
    sentCount = 0;
    for (int i = from;
        i < outcomes.length && sentCount < room && writer.remaining() >= Encoder.LONGEST_MESSAGE;
        i++) {
      if (outcomes[i] != null) {
        continue;
      }
      Command command = commands.get(i);
      // A stop may remain unanswered, which must not put others in doubt.
      boolean stop = command instanceof Command.StopDaemon;
      if (stop && sentCount > 0) {
        break;
      }
      int sequence = session.takeSequence(1);
      channel.encoder().command(writer, family, Netlink.NLM_F_REQUEST, sequence, command);
      remember(i);
      if (stop) {
        break;
      }
    }
    writer.addFlags(Netlink.NLM_F_ACK);
    return first;
  }

  private void remember(int index) {
    if (sentCount == sent.length) {
      sent = Arrays.copyOf(sent, 2 * sentCount);
      errors = Arrays.copyOf(errors, 2 * sentCount);
      texts = Arrays.copyOf(texts, 2 * sentCount);
    }
    sent[sentCount] = index;
    errors[sentCount] = UNANSWERED;
    texts[sentCount] = null;
    sentCount++;
  }

  private Answer receive(NetlinkSession session, int first, Deadline deadline) {
    MessageReader reader = session.reader();
    boolean lost = false;
    while (true) {
      switch (session.receiveShort(lost ? null : deadline)) {
        case OVERRUN -> lost = true;
        case SILENCE -> {
          return lost ? Answer.LOST : Answer.SILENCE;
        }
        case INTERRUPTED -> {
          return Answer.INTERRUPTED;
        }
        case DATAGRAM -> {
          while (reader.next()) {
            int index = reader.sequence() - first;
            // Answers to earlier requests come late or never; they do not matter any more.
            if (index >= 0 && index < sentCount && reader.portId() == session.portId()) {
              take(reader, index);
            }
          }
          if (!lost && errors[sentCount - 1] != UNANSWERED) {
            fill(0);
            return Answer.COMPLETE;
          }
        }
      }
    }
  }

  private void take(MessageReader reader, int index) {
    if (reader.type() != Netlink.NLMSG_ERROR) {
      throw MessageReader.malformed("a command was answered by type " + reader.type());
    }
    int errno = reader.errno();
    errors[index] = errno;
    if (errno != 0) {
      texts[index] = reader.errorText(new AttributeReader());
    }
  }

  /** Gives the same answer to all commands of the send that have none. */
  private void fill(int errno) {
    for (int i = 0; i < sentCount; i++) {
      if (errors[i] == UNANSWERED) {
        errors[i] = errno;
      }
    }
  }

  /** Turns the answers of the send into outcomes. */
  private void decide() {
    boolean noEntry = false;
    for (int i = 0; i < sentCount; i++) {
      noEntry |= errors[i] == KernelError.ENOENT.number();
    }
    // No entry, says the kernel too of the family itself when the module has been loaded again.
    boolean again = false;
    String missing = "";
    if (noEntry && familyChanges < FAMILY_CHANGES) {
      try {
        again = channel.familyChanged();
        familyChanges += again ? 1 : 0;
      } catch (RefusedException e) {
        missing = "generic netlink family IPVS";
      } catch (NoAnswerException | SystemCallException | ProtocolException e) {
        channel.replace();
      }
    }
    for (int i = 0; i < sentCount; i++) {
      int index = sent[i];
      if (outcomes[index] != null || errors[i] == UNANSWERED) {
        continue;
      }
      Command command = commands.get(index);
      int errno = errors[i];
      if (errno == 0) {
        outcomes[index] = Outcome.done(command);
      } else if (errno != KernelError.ENOENT.number() || !again && missing.isEmpty()) {
        String text = texts[i];
        outcomes[index] =
            Outcome.failed(
                command,
                KernelError.refused(
                    NetlinkDriver.NAME, command, errno, errno, text == null ? "" : text));
      } else if (!missing.isEmpty()) {
        outcomes[index] =
            Outcome.failed(
                command,
                KernelError.refused(
                    NetlinkDriver.NAME,
                    command.operation(),
                    command.target(),
                    errno,
                    errno,
                    missing));
      }
    }
  }

  // -- missing answers ----------------------------------------------------------------------------

  private List<Fate> fates() {
    List<Command> done =
        Arrays.stream(sent, 0, sentCount).<Command>mapToObj(commands::get).toList();
    return Aftermath.of(done, errors, new TableReader(channel));
  }

  /** Whether the daemon that is to be stopped does not run. */
  private boolean stopped() {
    try {
      return fates().get(0) == Fate.DONE;
    } catch (RefusedException | NoAnswerException | SystemCallException e) {
      return false;
    }
  }

  private void decideUnanswered(Answer answer) {
    List<Fate> fates = List.of();
    String unread = "";
    try {
      fates = fates();
    } catch (RefusedException | NoAnswerException | SystemCallException | LvsException e) {
      channel.replace();
      unread = Failures.of(e, "read the state", "").reason();
    }
    List<Integer> repeated = new ArrayList<>();
    for (int i = 0; i < sentCount; i++) {
      if (errors[i] != UNANSWERED) {
        continue;
      }
      int index = sent[i];
      Command command = commands.get(index);
      Fate fate = fates.isEmpty() ? Fate.UNKNOWN : fates.get(i);
      boolean lost = answer == Answer.LOST;
      switch (fate) {
        case DONE -> errors[i] = 0;
        case NOT_DONE, WITHOUT_TRACE -> {
          if (lost) {
            repeated.add(index);
          } else {
            outcomes[index] = unanswered(command, answer, fate, unread);
          }
        }
        case UNKNOWN -> outcomes[index] = unanswered(command, answer, fate, unread);
      }
    }
    if (!repeated.isEmpty()) {
      // Their errors were lost, or they can be done twice: each by itself, they get an answer.
      Batch single = new Batch(channel, repeated.stream().<Command>map(commands::get).toList());
      for (int i = 0; i < repeated.size(); i++) {
        single.send(i, 1);
        outcomes[repeated.get(i)] = single.outcomes[i];
      }
    }
  }

  /**
   * The outcome of a command whose answer is missing and that is not seen to be done. What may have
   * been done is a {@link TimeoutException}, whatever the reason: so the caller knows it from what
   * was not done.
   */
  private Outcome unanswered(Command command, Answer answer, Fate fate, String unread) {
    String said = why == null ? "" : " (" + saidBy(why) + ')';
    String known =
        switch (fate) {
          case NOT_DONE -> "the state read afterwards shows that it was not carried out";
          case WITHOUT_TRACE -> "the state does not show whether it was carried out";
          default ->
              unread.isEmpty()
                  ? "a later command of the batch hides whether it was carried out"
                  : "the state could not be read afterwards: " + unread;
        };
    boolean open = fate != Fate.NOT_DONE;
    LvsException.Failure failure =
        new LvsException.Failure(
            command.operation(),
            command.target(),
            NetlinkDriver.NAME,
            answer.reason + said + "; " + known,
            OptionalInt.empty(),
            open ? "Read the state before doing it again" : "");
    if (open || answer == Answer.SILENCE || answer == Answer.LOST) {
      return Outcome.failed(
          command,
          why == null ? new TimeoutException(failure) : new TimeoutException(failure, why));
    }
    return Outcome.failed(
        command,
        answer == Answer.MALFORMED && why != null
            ? new ProtocolException(failure, why)
            : why == null ? new LvsException(failure) : new LvsException(failure, why));
  }

  private static String saidBy(RuntimeException why) {
    return why instanceof LvsException told ? told.reason() : String.valueOf(why.getMessage());
  }

  /** The thread was interrupted: nothing more is sent. */
  private void refuseUnsent() {
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] == null) {
        Command command = commands.get(i);
        outcomes[i] =
            Outcome.failed(
                command,
                new LvsException(
                    new LvsException.Failure(
                        command.operation(),
                        command.target(),
                        NetlinkDriver.NAME,
                        "interrupted before it was sent",
                        OptionalInt.empty(),
                        "")));
      }
    }
  }

  /** Fails every undecided command: none of them was sent. */
  private void failUnsent(RuntimeException cause) {
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] == null) {
        Command command = commands.get(i);
        outcomes[i] =
            Outcome.failed(command, Failures.of(cause, command.operation(), command.target()));
      }
    }
  }
}
