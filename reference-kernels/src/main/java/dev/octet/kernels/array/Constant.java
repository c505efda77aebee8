package dev.octet.kernels.array;

import dev.octet.api.graph.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value that is known before a run: a tensor as the model stores it, packed where elements have
 * less than 8 bits, and an array of one element each. The one that was not given is made when
 * somebody asks for it, once. Thread-safe.
 */
public final class Constant {

  private final ArrayType type;
  private volatile @Nullable Tensor tensor;
  private volatile @Nullable TensorArray array;

  private Constant(ArrayType type, @Nullable Tensor tensor, @Nullable TensorArray array) {
    this.type = type;
    this.tensor = tensor;
    this.array = array;
  }

  /**
   * Returns a constant of the model.
   *
   * @param tensor of a type that arrays hold, see {@link ArrayKind#holds}; not copied
   */
  public static Constant of(Tensor tensor) {
    return new Constant(ArrayType.of(tensor.dataType(), tensor.sizes()), tensor, null);
  }

  /** Returns a computed constant; the array is not copied, and nobody writes to it afterwards. */
  public static Constant of(TensorArray array) {
    return new Constant(array.type(), null, array);
  }

  /** Returns element type and sizes. */
  public ArrayType type() {
    return type;
  }

  /** Returns the stored form. */
  public Tensor tensor() {
    Tensor stored = tensor;
    return stored == null ? makeTensor() : stored;
  }

  /** Returns the elements in an array to read. */
  public TensorArray array() {
    TensorArray made = array;
    return made == null ? makeArray() : made;
  }

  private synchronized Tensor makeTensor() {
    Tensor made = tensor == null ? Objects.requireNonNull(array, "array").toTensor() : tensor;
    tensor = made;
    return made;
  }

  private synchronized TensorArray makeArray() {
    TensorArray made =
        array == null ? TensorArray.of(Objects.requireNonNull(tensor, "tensor")) : array;
    array = made;
    return made;
  }

  @Override
  public String toString() {
    return "constant " + type;
  }
}
