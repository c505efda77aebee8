package dev.octet.kernels.array;

import dev.octet.api.graph.Tensor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value that is known before a run: a tensor as the model stores it, packed where elements have
 * less than 8 bits, and an array of one element each. The one that was not given is made when
 * somebody asks for it, once. What nobody will ask for again can be let go of, so that it takes no
 * memory as long as the constant itself. Thread-safe.
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

  /**
   * Returns the stored form.
   *
   * @throws IllegalStateException if the contents were released
   */
  public Tensor tensor() {
    Tensor stored = tensor;
    return stored == null ? makeTensor() : stored;
  }

  /** Returns the stored form; empty if the contents were released. */
  public synchronized Optional<Tensor> tensorIfKept() {
    return tensor == null && array == null ? Optional.empty() : Optional.of(tensor());
  }

  /** Lets go of the contents: type and sizes are all that is asked for from now on. */
  public synchronized void release() {
    tensor = null;
    array = null;
  }

  /**
   * Lets go of the stored form where there is an array beside it; it is made again when somebody
   * asks for it.
   */
  public synchronized void releaseStoredTwice() {
    if (array != null) {
      tensor = null;
    }
  }

  /**
   * Returns the elements in an array to read.
   *
   * @throws IllegalStateException if the contents were released
   */
  public TensorArray array() {
    TensorArray made = array;
    return made == null ? makeArray() : made;
  }

  private synchronized Tensor makeTensor() {
    Tensor made = tensor == null ? kept(array).toTensor() : tensor;
    tensor = made;
    return made;
  }

  private synchronized TensorArray makeArray() {
    TensorArray made = array == null ? TensorArray.of(kept(tensor)) : array;
    array = made;
    return made;
  }

  private <T> T kept(@Nullable T form) {
    if (form == null) {
      throw new IllegalStateException(this + " was released");
    }
    return form;
  }

  @Override
  public String toString() {
    return "constant " + type;
  }
}
