package dev.octet.benchmarks;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Times the integer kernels of two builds of Octet beside each other: {@code KernelRatio OLD NEW
 * [-only TEXT] [MODEL.onnx ...]}, where OLD and NEW are folders of jars.
 *
 * <p>Both builds are loaded into this process by class loaders of their own. For each case of
 * {@link KernelCases}, and each model, runs of the two alternate on one thread; what is printed is
 * the median of the time that the thread had on a processor, and how many times faster NEW is. Both
 * results are compared first: they must be the same bytes.
 */
public final class KernelRatio {

  private static final int ROUNDS = 15;
  private static final long ROUND_NANOSECONDS = 40_000_000;
  private static final long WARM_UP_NANOSECONDS = 600_000_000;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private KernelRatio() {}

  /** Measures all cases, or those whose names contain the text after {@code -only}. */
  public static void main(String[] args) throws IOException, ReflectiveOperationException {
    List<String> rest = List.of(args).subList(2, args.length);
    boolean some = !rest.isEmpty() && rest.get(0).equals("-only");
    String only = some ? rest.get(1) : "";
    List<String> models = some ? rest.subList(2, rest.size()) : rest;
    Map<String, Supplier<Supplier<Object>>> before = cases(loader(Path.of(args[0])), models);
    Map<String, Supplier<Supplier<Object>>> after = cases(loader(Path.of(args[1])), models);
    before.keySet().removeIf(name -> !name.contains(only));
    if (before.isEmpty()) {
      throw new IllegalArgumentException("none of these contains " + only + ": " + after.keySet());
    }
    for (Map.Entry<String, Supplier<Supplier<Object>>> one : before.entrySet()) {
      compare(one.getKey(), one.getValue(), Objects.requireNonNull(after.get(one.getKey())));
    }
  }

  /** A build, and the cases linked with it: nothing is shared but the JDK. */
  private static ClassLoader loader(Path folder) throws IOException {
    List<URL> urls = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path jar : files.filter(f -> f.toString().endsWith(".jar")).sorted().toList()) {
        urls.add(jar.toUri().toURL());
      }
    }
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (Files.isDirectory(Path.of(entry))) {
        urls.add(url(entry));
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static URL url(String entry) throws MalformedURLException {
    return Path.of(entry).toUri().toURL();
  }

  @SuppressWarnings("unchecked") // The other loader's methods have these types.
  private static Map<String, Supplier<Supplier<Object>>> cases(
      ClassLoader loader, List<String> models) throws ReflectiveOperationException {
    Class<?> cases = loader.loadClass(KernelCases.class.getName());
    Map<String, Supplier<Supplier<Object>>> all =
        new LinkedHashMap<>(
            (Map<String, Supplier<Supplier<Object>>>) cases.getMethod("all").invoke(null));
    for (String model : models) {
      Object file = cases.getMethod("ofFile", Path.class).invoke(null, Path.of(model));
      all.put(model, (Supplier<Supplier<Object>>) file);
    }
    return all;
  }

  private static void compare(
      String name, Supplier<Supplier<Object>> before, Supplier<Supplier<Object>> after) {
    long start = heap();
    Supplier<Object> old = before.get();
    Object expected = old.get();
    long between = heap();
    Supplier<Object> fresh = after.get();
    Object actual = fresh.get();
    long end = heap();
    if (!expected.equals(actual)) {
      throw new IllegalStateException(name + ": the two builds give different results");
    }
    double[][] times = times(old, fresh);
    double oldTime = median(times[0]);
    double newTime = median(times[1]);
    print(
        "%-54s %9.3f ms -> %9.3f ms  %5.2f x   heap %6.1f -> %6.1f MB",
        name, oldTime, newTime, oldTime / newTime, (between - start) / 1e6, (end - between) / 1e6);
  }

  private static double[][] times(Supplier<Object> old, Supplier<Object> fresh) {
    run(old, WARM_UP_NANOSECONDS);
    run(fresh, WARM_UP_NANOSECONDS);
    double[][] times = new double[2][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      times[0][round] = run(old, ROUND_NANOSECONDS);
      times[1][round] = run(fresh, ROUND_NANOSECONDS);
    }
    return times;
  }

  /** Runs for some time; returns milliseconds a run. */
  private static double run(Supplier<Object> run, long nanoseconds) {
    long start = THREADS.getCurrentThreadCpuTime();
    long passed;
    int runs = 0;
    do {
      if (run.get() == null) {
        throw new IllegalStateException("no result");
      }
      runs++;
      passed = THREADS.getCurrentThreadCpuTime() - start;
    } while (passed < nanoseconds);
    return passed / 1e6 / runs;
  }

  private static double median(double[] times) {
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static long heap() {
    Runtime runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
