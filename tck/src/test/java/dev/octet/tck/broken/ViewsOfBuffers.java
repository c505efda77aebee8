package dev.octet.tck.broken;

import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.LoadRequest;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Gives views of buffers that the next run writes. */
class ViewsOfBuffers extends WrongRuntime {

  final Map<String, byte[]> buffers = new ConcurrentHashMap<>();

  @Override
  Map<String, Tensor> change(
      LoadRequest request, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
    Map<String, Tensor> views = new LinkedHashMap<>();
    outputs.forEach((name, tensor) -> views.put(name, view(name, tensor)));
    return views;
  }

  private Tensor view(String name, Tensor tensor) {
    int size = (int) tensor.byteCount();
    byte[] buffer = buffers.computeIfAbsent(name + size, key -> new byte[size]);
    tensor.data().get(buffer);
    return Tensor.ofBytes(tensor.dataType(), tensor.sizes(), ByteBuffer.wrap(buffer));
  }
}
