package dev.octet.tck.graphs;

import dev.octet.api.graph.DataType;
import java.util.Locale;

/**
 * The types of a composed model of integers.
 *
 * @param activation of inputs and results
 * @param weight of the constants of products
 * @param perChannel whether those have a scale for each output channel
 */
public record Types(DataType activation, DataType weight, boolean perChannel) {

  /** Returns the types in file-name letters. */
  @Override
  public String toString() {
    return (activation + "-" + weight).toLowerCase(Locale.ROOT)
        + (perChannel ? "-per-channel" : "");
  }
}
