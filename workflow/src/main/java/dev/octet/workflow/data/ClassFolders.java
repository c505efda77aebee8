package dev.octet.workflow.data;

import java.util.Arrays;
import java.util.List;

/**
 * The folders of images that stand for classes.
 *
 * @param names the names of the folders, sorted, those without images among them
 * @param samples for each sample the position of its folder; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ClassFolders(List<String> names, int[] samples) {

  /** Tells whether there are images in a folder. */
  boolean hasSamples(int folder) {
    return Arrays.stream(samples).anyMatch(sample -> sample == folder);
  }
}
