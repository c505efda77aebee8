package dev.octet.benchmarks;

import dev.octet.api.graph.Model;
import dev.octet.api.runtime.BackendRuntime;
import dev.octet.api.runtime.ExecutableModel;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The calls of {@link KernelCases} that have another shape in older builds of Octet: a runtime was
 * given a model and options, before these were one request, and reading an ONNX file was a static
 * method. A call that is compiled has one shape only, so these two are looked up in the build that
 * is there; all others have the same shape in every build that can be compared.
 */
final class AcrossBuilds {

  private static final String API = "dev.octet.api.runtime.";

  private AcrossBuilds() {}

  /** Loads a model that computes on the calling thread. */
  static ExecutableModel load(BackendRuntime runtime, Model model) {
    try {
      for (Method load : BackendRuntime.class.getMethods()) {
        if (load.getName().equals("load")) {
          return (ExecutableModel) load.invoke(runtime, arguments(load, model));
        }
      }
      throw new NoSuchMethodException("load");
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this build's runtimes have an unknown shape", e);
    }
  }

  private static Object[] arguments(Method load, Model model) throws ReflectiveOperationException {
    if (load.getParameterCount() == 1) {
      Class<?> parallelism = Class.forName(API + "Parallelism");
      return new Object[] {
        Class.forName(API + "LoadRequest")
            .getMethod("of", Model.class, parallelism)
            .invoke(null, model, parallelism.getMethod("threads", int.class).invoke(null, 1))
      };
    }
    Class<?> options = Class.forName(API + "RuntimeOptions");
    Object one =
        options.isRecord()
            ? options.getConstructor(int.class).newInstance(1)
            : options.getMethod("threads", int.class).invoke(null, 1);
    return new Object[] {model, one};
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
