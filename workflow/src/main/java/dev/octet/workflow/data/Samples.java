package dev.octet.workflow.data;

import dev.octet.api.graph.DataType;
import dev.octet.api.quantizer.Finding;
import dev.octet.workflow.digest.ContentHash;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Stored samples of one kind, and of one size but for images. Thread-safe. */
interface Samples extends AutoCloseable {

  /** Returns what messages call them. */
  String name();

  /** Returns what messages call one of them. */
  String place(int sample);

  /** Returns the element type of {@link #read}: FLOAT, BOOL, or an integer type of 8 to 64 bits. */
  DataType type();

  /** Returns the sizes, the number of samples first, and those of the first; rank 1 or more. */
  long[] sizes();

  /**
   * Returns the sizes of one sample; those of {@link #sizes} but where samples {@link #differ}.
   *
   * @param sample from 0
   */
  default long[] sizesOf(int sample) {
    long[] sizes = sizes();
    return Arrays.copyOfRange(sizes, 1, sizes.length);
  }

  /** Tells whether samples have other sizes than the first, and so are read one at a time. */
  default boolean differ() {
    return false;
  }

  /** Returns what a user must know of these samples. */
  default List<Finding> findings() {
    return List.of();
  }

  /** Returns a letter for each axis, such as {@code NHWC}; empty when the axes have no names. */
  String axes();

  /** Tells whether these are images, to which steps for images were done. */
  boolean ofImages();

  /** Returns the folders of the classes; empty when the storage does not state any. */
  Optional<ClassFolders> classes();

  /**
   * Reads neighbouring samples.
   *
   * @throws dev.octet.api.error.OctetException {@code OCT-DATA-028} or {@code OCT-DATA-016} if they
   *     cannot be read
   */
  Values read(int from, int count);

  /**
   * Adds the content of all samples.
   *
   * @throws dev.octet.api.error.OctetException as {@link #read}
   */
  void addTo(ContentHash hash);

  @Override
  void close();
}
