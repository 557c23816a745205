// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

/**
 * A point on the Earth. Immutable.
 *
 * @param latitude degrees north, -90 to 90
 * @param longitude degrees east, -180 to 180
 * @since 0.1.0
 */
public record Coordinates(double latitude, double longitude) {

  private static final double EARTH_RADIUS_KM = 6371.0088;

  /**
   * Checks the point.
   *
   * @throws IllegalArgumentException if a number is out of range or not a number
   */
  public Coordinates {
    if (!(latitude >= -90 && latitude <= 90)) {
      throw new IllegalArgumentException("latitude must be -90 to 90 degrees, not " + latitude);
    }
    if (!(longitude >= -180 && longitude <= 180)) {
      throw new IllegalArgumentException("longitude must be -180 to 180 degrees, not " + longitude);
    }
  }

  /**
   * Returns the distance on the great circle, by the haversine formula on a sphere: off by 0.5 % at
   * most.
   *
   * @param other another point
   * @return kilometres, 0 to about 20015
   */
  public double distanceTo(Coordinates other) {
    return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, haversine(other))));
  }

  /** Grows with the distance, and needs no inverse function: 0 to 1. */
  double haversine(Coordinates other) {
    double north = Math.sin(Math.toRadians(other.latitude - latitude) / 2);
    double east = Math.sin(Math.toRadians(other.longitude - longitude) / 2);
    return north * north
        + Math.cos(Math.toRadians(latitude))
            * Math.cos(Math.toRadians(other.latitude))
            * east
            * east;
  }
}
