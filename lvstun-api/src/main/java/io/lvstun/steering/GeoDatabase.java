// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import com.maxmind.db.DatabaseRecord;
import com.maxmind.db.InvalidDatabaseException;
import com.maxmind.db.InvalidNetworkException;
import com.maxmind.db.Network;
import com.maxmind.db.Networks;
import com.maxmind.db.Reader;
import io.lvstun.AddressFamily;
import io.lvstun.LvsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A database of countries, cities or autonomous systems in the MaxMind DB format, from any vendor.
 * The whole file is read when it is opened and not needed afterwards. Immutable.
 *
 * <p>Needs {@code com.maxmind.db:maxmind-db} on the class path or module path. The format is
 * described at {@code https://maxmind.github.io/MaxMind-DB/}.
 *
 * @since 0.1.0
 */
public final class GeoDatabase {

  /** The largest file that is read: 1 GiB. */
  public static final long MAX_BYTES = 1L << 30;

  /** How many networks a database may have. */
  public static final int MAX_NETWORKS = 10_000_000;

  private final Path file;
  private final String type;
  private final Instant built;
  private final NetworkTable v4;
  private final NetworkTable v6;
  private final List<Place> places;

  private GeoDatabase(
      Path file, String type, Instant built, NetworkTable v4, NetworkTable v6, List<Place> places) {
    this.file = file;
    this.type = type;
    this.built = built;
    this.v4 = v4;
    this.v6 = v6;
    this.places = places;
  }

  /**
   * Reads a database.
   *
   * @param file a file in the MaxMind DB format
   * @return the database
   * @throws LvsException if there is no such file, or it is truncated, malformed or too large; the
   *     reason says which
   */
  public static GeoDatabase open(Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] bytes = stream.readNBytes((int) Math.min(MAX_BYTES, Integer.MAX_VALUE - 8));
      if (stream.read() >= 0) {
        throw broken(file, "it is larger than 1 GiB", null);
      }
      try (Reader reader = new Reader(new ByteArrayInputStream(bytes))) {
        return read(file, reader);
      }
    } catch (NoSuchFileException e) {
      throw broken(file, "there is no such file", e);
    } catch (InvalidDatabaseException | InvalidNetworkException e) {
      throw broken(file, "it is truncated, or no MaxMind DB: " + e.getMessage(), e);
    } catch (IOException e) {
      throw broken(file, "it cannot be read: " + e.getMessage(), e);
    } catch (LvsException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // The reader throws many kinds on pointers and sizes that lead nowhere.
      throw broken(file, "it is truncated or malformed: " + e, e);
    }
  }

  private static GeoDatabase read(Path file, Reader reader)
      throws IOException, InvalidNetworkException {
    NetworkTable.Builder v4 = new NetworkTable.Builder(AddressFamily.IPV4);
    NetworkTable.Builder v6 = new NetworkTable.Builder(AddressFamily.IPV6);
    Map<Object, Integer> numbers = new HashMap<>();
    Map<Place, Integer> distinct = new HashMap<>();
    List<Place> places = new ArrayList<>();
    @SuppressWarnings("rawtypes")
    Networks<Map> networks = reader.networks(Map.class);
    while (networks.hasNext()) {
      @SuppressWarnings("rawtypes")
      DatabaseRecord<Map> row = networks.next();
      Map<?, ?> data = row.data();
      if (data == null) {
        continue;
      }
      Integer number = numbers.get(data);
      if (number == null) {
        number =
            distinct.computeIfAbsent(
                PlaceDecoder.decode(data),
                place -> {
                  places.add(place);
                  return places.size() - 1;
                });
        numbers.put(data, number);
      }
      Network network = row.network();
      InetAddress address = network.networkAddress();
      NetworkTable.Builder table = address.getAddress().length == 4 ? v4 : v6;
      table.add(Bits.of(address), network.prefixLength(), number);
      if (v4.size() + v6.size() > MAX_NETWORKS) {
        throw broken(file, "it has more than 10,000,000 networks", null);
      }
    }
    return new GeoDatabase(
        file,
        reader.getMetadata().databaseType(),
        reader.getMetadata().buildTime(),
        v4.build(),
        v6.build(),
        List.copyOf(places));
  }

  private static LvsException broken(
      Path file, String reason, @org.jspecify.annotations.Nullable Throwable cause) {
    LvsException.Failure failure =
        new LvsException.Failure(
            "open database",
            file.toString(),
            "steering",
            reason,
            OptionalInt.empty(),
            "Fetch the file again, and move it into place with one rename.");
    return cause == null ? new LvsException(failure) : new LvsException(failure, cause);
  }

  /**
   * Returns the file.
   *
   * @return as given to {@link #open}
   */
  public Path file() {
    return file;
  }

  /**
   * Returns the type that the metadata names.
   *
   * @return for example {@code GeoLite2-Country}
   */
  public String type() {
    return type;
  }

  /**
   * Returns when the database was built, by its metadata.
   *
   * @return the time of the build
   */
  public Instant built() {
    return built;
  }

  /**
   * Returns how many networks the database has.
   *
   * @param family of the networks
   * @return 0 to {@link #MAX_NETWORKS}
   */
  public int networks(AddressFamily family) {
    return table(family).size();
  }

  /**
   * Looks an address up.
   *
   * @param address of any family
   * @return the network that it is in, and what the database says of it; empty if it has nothing
   */
  public Optional<Explanation.DatabaseLine> find(InetAddress address) {
    NetworkTable table = table(AddressFamily.of(address));
    OptionalInt index = table.find(address);
    return index.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Explanation.DatabaseLine(
                file.toString(),
                table.network(index.getAsInt()),
                places.get(table.place(index.getAsInt()))));
  }

  NetworkTable table(AddressFamily family) {
    return family == AddressFamily.IPV4 ? v4 : v6;
  }

  List<Place> places() {
    return places;
  }

  /** Returns the file, the type, the date and the sizes. */
  @Override
  public String toString() {
    return file
        + " ("
        + type
        + ", built "
        + built
        + ", "
        + v4.size()
        + " IPv4 and "
        + v6.size()
        + " IPv6 networks)";
  }
}
