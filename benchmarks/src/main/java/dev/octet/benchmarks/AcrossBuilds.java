package dev.octet.benchmarks;

import dev.octet.api.graph.Model;
import dev.octet.api.runtime.RuntimeOptions;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The calls of {@link KernelCases} that have another shape in older builds of Octet: options of a
 * runtime were a record of the number of threads, and reading an ONNX file was a static method. A
 * call that is compiled has one shape only, so these two are looked up in the build that is there;
 * all others have the same shape in every build that can be compared.
 */
final class AcrossBuilds {

  private AcrossBuilds() {}

  /** Returns the options of a runtime that computes on the calling thread. */
  static RuntimeOptions oneThread() {
    try {
      return RuntimeOptions.class.isRecord()
          ? RuntimeOptions.class.getConstructor(int.class).newInstance(1)
          : (RuntimeOptions) RuntimeOptions.class.getMethod("threads", int.class).invoke(null, 1);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this build's RuntimeOptions have an unknown shape", e);
    }
  }

  /** Reads an ONNX file. */
  static Model read(Path file) {
    try {
      Class<?> format = Class.forName("dev.octet.format.onnx.OnnxFormat");
      Method read = format.getMethod("read", Path.class);
      boolean isStatic = Modifier.isStatic(read.getModifiers());
      @Nullable Object receiver = isStatic ? null : format.getConstructor().newInstance();
      return (Model) read.invoke(receiver, file);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this build cannot read " + file, e);
    }
  }
}
