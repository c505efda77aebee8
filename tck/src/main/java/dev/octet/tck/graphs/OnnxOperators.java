package dev.octet.tck.graphs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The names of the operators of ONNX's own domain, up to operator set 24, also those that the
 * reference kernels do not run. Source: Operators.md of ONNX 1.19, and Scatter and Upsample, which
 * older operator sets have.
 */
public final class OnnxOperators {
  private static final String LIST = "onnx-operators.txt";

  private OnnxOperators() {}

  /** Returns the names. */
  public static SortedSet<String> names() {
    try (InputStream in = OnnxOperators.class.getResourceAsStream(LIST)) {
      if (in == null) {
        throw new IllegalStateException("the kit has no " + LIST);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Collections.unmodifiableSortedSet(new TreeSet<>(text.lines().toList()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
