package dev.octet.kernels.array;

import dev.octet.api.graph.Tensor;
import java.lang.ref.WeakReference;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is known before a run: a tensor as the model stores it, packed where elements have
 * less than 8 bits, and an array of one element each. The one that was not given is made when
 * somebody asks for it, once. What nobody will ask for again can be let go of, so that it takes no
 * memory as long as the constant itself. A passing constant has an array only while somebody reads
 * it, and a new one is made then. Thread-safe.
 */
public final class Constant {

  private final ArrayType type;
  private volatile @Nullable Tensor tensor;
  private volatile @Nullable TensorArray array;

  /** Makes the array of a passing constant; null for others. */
  private final @Nullable Supplier<TensorArray> make;

  /** The array of a passing constant that somebody may still read. */
  private WeakReference<Object> passing = new WeakReference<>(null);

  private Constant(
      ArrayType type,
      @Nullable Tensor tensor,
      @Nullable TensorArray array,
      @Nullable Supplier<TensorArray> make) {
    this.type = type;
    this.tensor = tensor;
    this.array = array;
    this.make = make;
  }

  /**
   * Returns a constant of the model.
   *
   * @param tensor of a type that arrays hold, see {@link ArrayKind#holds}; not copied
   */
  public static Constant of(Tensor tensor) {
    return new Constant(typeOf(tensor), tensor, null, null);
  }

  /**
   * Returns a passing constant of the model.
   *
   * @param tensor one that takes no memory, see {@link Tensor#isHeld}
   */
  public static Constant passing(Tensor tensor) {
    return new Constant(typeOf(tensor), tensor, null, () -> TensorArray.of(tensor));
  }

  /**
   * Returns a passing constant that is computed.
   *
   * @param make gives its elements, the same at each call, on any thread
   */
  public static Constant passing(ArrayType type, Supplier<TensorArray> make) {
    return new Constant(type, null, null, make);
  }

  private static ArrayType typeOf(Tensor tensor) {
    return ArrayType.of(tensor.dataType(), tensor.sizes());
  }

  /** Returns a computed constant; the array is not copied, and nobody writes to it afterwards. */
  public static Constant of(TensorArray array) {
    return new Constant(array.type(), null, array, null);
  }

  /** Tells whether an array is made whenever somebody asks for it, and kept by nobody else. */
  public boolean isPassing() {
    return make != null;
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
    if (stored == null) {
      return isPassing() ? array().toTensor() : makeTensor();
    }
    return stored;
  }

  /** Returns the stored form; empty if the contents were released. */
  public synchronized Optional<Tensor> tensorIfKept() {
    boolean kept = tensor != null || array != null || isPassing();
    return kept ? Optional.of(tensor()) : Optional.empty();
  }

  /**
   * Lets go of the contents: type and sizes are all that is asked for from now on. A passing
   * constant has none to let go of.
   */
  public synchronized void release() {
    if (isPassing()) {
      return;
    }
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
   * Returns the elements in an array to read. Who keeps that of a passing constant, keeps its
   * memory.
   *
   * @throws IllegalStateException if the contents were released
   */
  public TensorArray array() {
    TensorArray made = array;
    if (made == null) {
      return make == null ? makeArray() : passed(make);
    }
    return made;
  }

  /** Those who read at the same time share one array. */
  private synchronized TensorArray passed(Supplier<TensorArray> maker) {
    Object alive = passing.get();
    if (alive != null) {
      return new TensorArray(type, alive);
    }
    TensorArray made = maker.get();
    passing = new WeakReference<>(made.array());
    return made;
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
