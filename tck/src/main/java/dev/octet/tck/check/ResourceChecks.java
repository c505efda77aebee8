package dev.octet.tck.check;

import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.tck.integers.IntegerModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.ToLongBiFunction;

/** Whether models wear out, and what they leave behind. */
final class ResourceChecks {

  private static final int MANY_RUNS = 1_000;

  /** Slow runtimes do less than many runs in it, and are done with that. */
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(5);

  private static final int MANY_MODELS = 30;
  private static final int THREADS = 4;

  /** Threads that a runtime may have beside those that compute: a clock, a cleaner. */
  private static final int OTHER_THREADS = 2;

  /** How long a thread may take to end once its model is closed. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private ResourceChecks() {}

  static List<RuleCheck> all() {
    return List.of(RuntimeCases.of("TCK-RUN-031", ResourceChecks::longLives));
  }

  /** A few samples, each run a thousand times, and loaded and closed often. */
  private static List<TckCase> longLives(TestedRuntime runtime) {
    List<IntegerModel> few = runtime.samples().stream().limit(3).toList();
    List<TckCase> all =
        new ArrayList<>(RuntimeCases.each(runtime, few, ResourceChecks::requireRunsDoNotWear));
    few.stream()
        .limit(1)
        .forEach(
            model -> {
              String name = model.name();
              all.add(TckCase.of(name + "/one-thread", () -> requireFewThreads(runtime, model)));
              all.add(TckCase.of(name + "/threads", () -> requireNoThreadLeft(runtime, model)));
              all.add(
                  TckCase.of(
                      name + "/files",
                      () -> requireNothingLeft(runtime, model, "files", Leftovers::filesSince)));
              all.add(
                  TckCase.of(
                      name + "/handles",
                      () ->
                          requireNothingLeft(
                              runtime, model, "open handles", Leftovers::handlesSince)));
            });
    return all;
  }

  private static void requireRunsDoNotWear(TestedRuntime runtime, IntegerModel model) {
    long end = System.nanoTime() + LONG_ENOUGH.toNanos();
    try (ExecutableModel loaded = runtime.load(model.model())) {
      Map<String, Tensor> first = loaded.run(model.inputs());
      for (int i = 2; i <= MANY_RUNS && System.nanoTime() < end; i++) {
        SameResults.require("in run " + i, first, loaded.run(model.inputs()));
      }
    }
  }

  /** Every thread that a model on one thread starts is in the group, for as long as it is open. */
  private static void requireFewThreads(TestedRuntime runtime, IntegerModel model)
      throws InterruptedException {
    ThreadGroup group = new ThreadGroup("octet-tck-one-thread");
    int started =
        inGroup(
            group,
            () -> {
              try (ExecutableModel loaded = runtime.load(model.model(), 1)) {
                loaded.run(model.inputs());
                loaded.run(model.inputs());
                return living(group).size() - 1;
              }
            });
    if (started > 1 + OTHER_THREADS) {
      throw Violation.of("a model that is asked to compute on 1 thread starts %d", started);
    }
  }

  private static void requireNoThreadLeft(TestedRuntime runtime, IntegerModel model)
      throws InterruptedException {
    ThreadGroup group = new ThreadGroup("octet-tck-closed-models");
    inGroup(
        group,
        () -> {
          loadedOften(runtime, model, MANY_MODELS);
          return MANY_MODELS;
        });
    List<Thread> left = left(group);
    if (left.size() >= MANY_MODELS) {
      throw Violation.of(
          "%d models that were loaded, run and closed leave %d threads behind",
          MANY_MODELS, left.size());
    }
    Optional<Thread> blocking = left.stream().filter(thread -> !thread.isDaemon()).findFirst();
    if (blocking.isPresent()) {
      throw Violation.of(
          "models that were closed leave thread '%s' behind, which is no daemon: the JVM does not"
              + " end",
          blocking.get().getName());
    }
  }

  private static void loadedOften(TestedRuntime runtime, IntegerModel model, int often) {
    for (int i = 0; i < often; i++) {
      try (ExecutableModel loaded = runtime.load(model.model(), THREADS)) {
        loaded.run(model.inputs());
      }
    }
  }

  /** The thread is no daemon, as that of a program is none; those that it starts are as it is. */
  private static <T> T inGroup(ThreadGroup group, Callable<T> work) throws InterruptedException {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(group, task, "octet-tck-models");
    thread.setDaemon(false);
    thread.start();
    thread.join();
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Violation violation) {
        throw violation;
      }
      throw Violation.of(
          "a model cannot be loaded and run often: %s", String.valueOf(e.getCause()));
    }
  }

  private static List<Thread> left(ThreadGroup group) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<Thread> left = living(group);
    while (isTooMuch(left) && System.nanoTime() < end) {
      left.get(0).join(PATIENCE.toMillis() / 10);
      left = living(group);
    }
    return left;
  }

  private static boolean isTooMuch(List<Thread> left) {
    return left.size() >= MANY_MODELS || left.stream().anyMatch(thread -> !thread.isDaemon());
  }

  private static List<Thread> living(ThreadGroup group) {
    Thread[] threads = new Thread[2 * group.activeCount() + 16];
    int count = group.enumerate(threads);
    return Arrays.stream(threads, 0, count).filter(Objects::nonNull).toList();
  }

  /**
   * Other programs of the machine leave something, too: as much as the models, after some of them
   * and after twice as many, and much less when nothing is loaded, is what models leave.
   */
  private static void requireNothingLeft(
      TestedRuntime runtime,
      IntegerModel model,
      String what,
      ToLongBiFunction<Leftovers, Leftovers> since)
      throws InterruptedException {
    runtime.run(model);
    for (int models = MANY_MODELS; models <= 2 * MANY_MODELS; models += MANY_MODELS) {
      Leftovers before = Leftovers.now();
      loadedOften(runtime, model, models);
      if (since.applyAsLong(Leftovers.now(), before) < models) {
        return;
      }
    }
    Leftovers before = Leftovers.now();
    Thread.sleep(200);
    if (since.applyAsLong(Leftovers.now(), before) < MANY_MODELS / 2) {
      throw Violation.of(
          "%d models that were loaded, run and closed leave as many %s behind",
          2 * MANY_MODELS, what);
    }
  }
}
