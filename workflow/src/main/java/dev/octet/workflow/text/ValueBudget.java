package dev.octet.workflow.text;

import dev.octet.api.error.OctetException;

/**
 * What the values of one text may take of the memory: a virtual machine whose memory is nearly full
 * collects garbage for a long time before it says so. Not thread-safe.
 */
final class ValueBudget {

  /** What a value and its place take, at least. */
  private static final int VALUE_BYTES = 150;

  private final String source;
  private long left = Runtime.getRuntime().maxMemory() / 4 * 3;

  ValueBudget(String source) {
    this.source = source;
  }

  /**
   * Takes what one more value needs.
   *
   * @param more bytes beside those that every value takes
   * @throws OctetException {@code OCT-TREE-026} if there is not so much left
   */
  void take(int more) {
    left -= VALUE_BYTES + more;
    if (left < 0) {
      throw SourceText.tooLarge("the values of the text take more memory than there is", source);
    }
  }
}
