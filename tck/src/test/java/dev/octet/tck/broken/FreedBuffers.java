package dev.octet.tck.broken;

import dev.octet.api.runtime.ExecutableModel;
import java.util.Arrays;

/** Gives views of buffers that are freed with the model. */
final class FreedBuffers extends ViewsOfBuffers {

  @Override
  void close(ExecutableModel loaded) {
    loaded.close();
    buffers.values().forEach(buffer -> Arrays.fill(buffer, (byte) 77));
    buffers.clear();
  }
}
