package dev.octet.tck.graphs;

/** How much is composed of each capability. */
public enum Breadth {
  /** Behind values of every rank and size that the kit has. */
  WHOLE,

  /**
   * Behind the first value that the capability takes. For the presets after the first: an option
   * changes what is decided of a node, hardly which ranks it is decided for.
   */
  NARROW
}
