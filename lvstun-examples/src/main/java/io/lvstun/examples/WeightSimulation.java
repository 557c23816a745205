// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import io.lvstun.ServerKey;
import io.lvstun.weight.Damping;
import io.lvstun.weight.WeightLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;

/**
 * The closed loop of weights and loads in virtual time: servers with queues and different speeds,
 * whose loads are reported late and with noise, behind a director that shares requests by weight.
 *
 * <p>{@code java -cp ... io.lvstun.examples.WeightSimulation docs/concepts/weights.svg} prints the
 * figures of docs/concepts/weights.md and draws its plot.
 */
public final class WeightSimulation {

  /** What happens to the servers. */
  enum Input {
    /** Requests double after five minutes. */
    STEP,
    /** Requests grow evenly from a third to three times as many. */
    RAMP,
    /** One server loses half of its speed after five minutes. */
    SLOWDOWN,
    /** One server is removed after five minutes and returns five minutes later. */
    FAILURE
  }

  /**
   * What came out.
   *
   * @param weights for each second, each server's weight; 0 for one that is not there
   * @param use for each second, each server's share of its speed that is used
   * @param changes how many changes of weights each minute had
   */
  @SuppressWarnings("ArrayRecordComponent") // read by the chart and the test, shared with nobody
  record Course(int[][] weights, double[][] use, int[] changes) {

    /** The largest difference between two servers' use, in the seconds given. */
    double spread(int from, int to) {
      double worst = 0;
      for (int second = from; second < to; second++) {
        double[] present = Arrays.stream(use[second]).filter(share -> share > 0).toArray();
        double least = Arrays.stream(present).min().orElse(0);
        double most = Arrays.stream(present).max().orElse(0);
        worst = Math.max(worst, most - least);
      }
      return worst;
    }

    /** How often a server's weight turned from rising to falling or back, in the seconds given. */
    int turns(int from, int to) {
      int worst = 0;
      for (int server = 0; server < weights[0].length; server++) {
        int turns = 0;
        int direction = 0;
        for (int second = Math.max(1, from); second < to; second++) {
          int now = Integer.signum(weights[second][server] - weights[second - 1][server]);
          if (now != 0 && direction != 0 && now != direction) {
            turns++;
          }
          direction = now == 0 ? direction : now;
        }
        worst = Math.max(worst, turns);
      }
      return worst;
    }
  }

  /** Requests a second that each server manages: one is half as fast as the others, one twice. */
  private static final double[] SPEED = {100, 100, 50, 200};

  private static final int BASE = 20;
  private static final int SECONDS = 1200;
  private static final int CHANGE = 300;
  private static final int INTERVAL = 2;
  private static final int LATE = 2;

  private WeightSimulation() {}

  /**
   * Prints the figures, and draws the plot if a file is named.
   *
   * @param args the file to write
   * @throws IOException if it cannot be written
   */
  public static void main(String[] args) throws IOException {
    StringBuilder table =
        new StringBuilder("input     | spread before, after | turns | changes/min\n");
    for (Input input : Input.values()) {
      Course course = run(input, 1);
      table.append(
          String.format(
              Locale.ROOT,
              "%-9s | %.2f, %.2f | %d | %s%n",
              input,
              course.spread(CHANGE - 60, CHANGE),
              course.spread(SECONDS - 120, SECONDS),
              course.turns(SECONDS - 300, SECONDS),
              Arrays.toString(course.changes())));
    }
    System.out.print(table);
    if (args.length > 0) {
      Files.writeString(Path.of(args[0]), svg());
    }
  }

  private static double requests(Input input, int second) {
    return switch (input) {
      case STEP -> second < CHANGE ? 150 : 300;
      case RAMP -> 100 + 200.0 * Math.min(second, SECONDS - 300) / (SECONDS - 300);
      case SLOWDOWN, FAILURE -> 220;
    };
  }

  /** Plays an input. */
  static Course run(Input input, long seed) {
    Random random = new Random(seed);
    int servers = SPEED.length;
    Instant start = Instant.EPOCH;
    WeightLoop loop = WeightLoop.start(Damping.every(Duration.ofSeconds(INTERVAL)));
    for (int i = 0; i < servers; i++) {
      loop = loop.join(start, key(i), BASE);
    }
    double[] queue = new double[servers];
    double[][] load = new double[SECONDS][servers];
    int[][] weights = new int[SECONDS][servers];
    double[][] use = new double[SECONDS][servers];
    int[] changes = new int[SECONDS / 60];
    for (int second = 0; second < SECONDS; second++) {
      Instant now = start.plusSeconds(second);
      boolean gone = input == Input.FAILURE && second >= CHANGE && second < 2 * CHANGE;
      if (input == Input.FAILURE && second == CHANGE) {
        loop = loop.leave(key(0));
        queue[0] = 0;
      } else if (input == Input.FAILURE && second == 2 * CHANGE) {
        loop = loop.join(now, key(0), BASE);
      }
      double sum = 0;
      for (int i = 0; i < servers; i++) {
        weights[second][i] =
            gone && i == 0 ? 0 : Objects.requireNonNull(loop.servers().get(key(i))).weight();
        sum += weights[second][i];
      }
      for (int i = 0; i < servers; i++) {
        double speed = SPEED[i] * (input == Input.SLOWDOWN && i == 3 && second >= CHANGE ? 0.5 : 1);
        double arrivals = requests(input, second) * weights[second][i] / sum;
        double served = Math.min(speed, queue[i] + arrivals);
        queue[i] = Math.min(10 * speed, queue[i] + arrivals - served);
        use[second][i] = arrivals / speed;
        double noise = 1 + 0.1 * random.nextGaussian();
        load[second][i] = Math.max(0, (served + queue[i]) / speed * noise);
      }
      if (second % INTERVAL == 0 && second >= LATE) {
        for (int i = 0; i < servers; i++) {
          loop = loop.report(now, key(i), Math.min(10_000, load[second - LATE][i]));
        }
        WeightLoop.Decision decision = loop.decide(now);
        changes[second / 60] += decision.changes().size();
        loop = decision.next();
      }
    }
    return new Course(weights, use, changes);
  }

  private static ServerKey key(int server) {
    return ServerKey.of("192.0.2." + (server + 1), 80);
  }

  // ---------------------------------------------------------------------------------------- plot

  private static final String[] COLOURS = {"#1b6ca8", "#3f9c35", "#c9302c", "#8a4fa3"};
  private static final int WIDTH = 380;
  private static final int HEIGHT = 150;

  /** The weights and the use of the servers, for each input. */
  static String svg() {
    StringBuilder text = new StringBuilder();
    int height = 30 + Input.values().length * (HEIGHT + 40);
    text.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"11\">%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n",
            2 * WIDTH + 120,
            height));
    int y = 30;
    for (Input input : Input.values()) {
      Course course = run(input, 1);
      int[][] weights = course.weights();
      double[][] shown = new double[SECONDS][];
      for (int second = 0; second < SECONDS; second++) {
        shown[second] = Arrays.stream(weights[second]).asDoubleStream().toArray();
      }
      panel(text, 40, y, name(input) + ": weights", shown, 80);
      panel(text, 80 + WIDTH, y, name(input) + ": use of each server", course.use(), 1.2);
      y += HEIGHT + 40;
    }
    return text.append("</svg>\n").toString();
  }

  private static String name(Input input) {
    return input.name().toLowerCase(Locale.ROOT);
  }

  private static void panel(
      StringBuilder text, int x, int y, String title, double[][] values, double most) {
    text.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\">%s (0 to %s, 20 minutes)</text>%n"
                + "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\""
                + " stroke=\"#999\"/>%n",
            x,
            y - 6,
            title,
            most,
            x,
            y,
            WIDTH,
            HEIGHT));
    for (int server = 0; server < values[0].length; server++) {
      List<String> points = new ArrayList<>();
      for (int second = 0; second < values.length; second += 4) {
        double share = Math.min(1, values[second][server] / most);
        points.add(
            String.format(
                Locale.ROOT,
                "%.1f,%.1f",
                x + (double) WIDTH * second / values.length,
                y + HEIGHT * (1 - share)));
      }
      text.append(
          String.format(
              Locale.ROOT,
              "<polyline fill=\"none\" stroke=\"%s\" points=\"%s\"/>%n",
              COLOURS[server],
              String.join(" ", points)));
    }
  }
}
