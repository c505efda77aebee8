package dev.octet.api.graph;

/**
 * What a format keeps beside a value of the graph so that it can write edits back onto the program
 * it came from, such as fields that only that format knows.
 *
 * <p>Opaque to everyone but the format that made it. Implementations are immutable and take no part
 * in the meaning of the value they accompany.
 */
public interface Origin {}
