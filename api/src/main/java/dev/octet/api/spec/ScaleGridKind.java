package dev.octet.api.spec;

/**
 * A set of scales that a backend brings, such as powers of two times three. Schemes name it by
 * {@link ScaleGrid#named}; the provider lists it in {@link
 * dev.octet.api.provider.QuantizerProvider#scaleGrids()}. Stateless and thread-safe; the same
 * argument gives the same result on every machine.
 *
 * <p>Errors: where a method throws, or its results contradict each other, planning and conversion
 * stop with {@code OCT-REG-006}, which names the grid and the backend that brought it.
 */
public interface ScaleGridKind {

  /**
   * Returns the name that schemes use, {@code [a-z][a-z0-9-]{0,63}}; a vendor puts its own name in
   * front, as in {@code acme-decimal}. The same at every call.
   */
  String name();

  /** Returns which scales these are, in one sentence. */
  String documentation();

  /**
   * Returns the smallest scale of the grid that is not below a given one: never smaller than the
   * argument, equal to it when it is on the grid, and not falling when the argument rises.
   *
   * @param scale finite and above 0
   * @return plus infinity where the grid has no scale that large
   */
  float atLeast(float scale);
}
