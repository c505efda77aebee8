package dev.octet.tck.broken;

import static dev.octet.tck.broken.WrongRuntimes.changing;
import static dev.octet.tck.broken.WrongRuntimes.refusing;
import static dev.octet.tck.broken.WrongRuntimes.running;
import static dev.octet.tck.broken.WrongRuntimes.saying;
import static dev.octet.tck.broken.WrongRuntimes.wrong;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.Cancellation;
import dev.octet.api.runtime.ExecutableModel;
import dev.octet.api.runtime.LoadRequest;
import dev.octet.api.runtime.NodeRefusals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Backends whose runtime computes right, and handles models, threads or its process wrongly. */
final class WrongHandling {

  /** Long enough for the kit to see it, and no longer, so that a test's process ends. */
  private static final long A_WHILE = 8_000;

  private WrongHandling() {}

  static List<WrongBackend> all() {
    return Stream.of(refusals(), neighbours(), forms(), threads(), leftovers(), surroundings())
        .flatMap(List::stream)
        .toList();
  }

  private static List<WrongBackend> refusals() {
    return List.of(
        wrong(
            12,
            "throws any exception in the place of a refusal",
            () ->
                new WrongRuntime() {
                  @Override
                  Model change(Model model) {
                    for (Node node : model.graph().nodes()) {
                      if (!node.op().domain().isEmpty()) {
                        throw new IllegalArgumentException("no kernel for " + node.name());
                      }
                    }
                    return model;
                  }
                },
            "is not refused by an error with an id"),
        wrong(
            13,
            "refuses one node of each operator",
            () -> {
              Set<OpType> refused = Collections.synchronizedSet(new HashSet<>());
              return refusing(
                  node -> !node.op().domain().isEmpty() && refused.add(node.op()), false);
            },
            "without naming node 'unknown1'"),
        wrong(
            13,
            "refuses the first node of a subgraph alone",
            () ->
                new WrongRuntime() {
                  @Override
                  Model change(Model model) {
                    requireKnown(model.graph());
                    return model;
                  }
                },
            "without naming node 'else_unknown1'"));
  }

  private static void requireKnown(Graph graph) {
    NodeRefusals refusals = NodeRefusals.of(graph);
    for (Node node : graph.nodes()) {
      if (!node.op().domain().isEmpty()) {
        refusals.refuse(node, "it is not known");
      }
      node.subgraphs().stream()
          .flatMap(inside -> inside.nodes().stream())
          .filter(inner -> !inner.op().domain().isEmpty())
          .findFirst()
          .ifPresent(inner -> refusals.refuse(inner, "it is not known"));
    }
    refusals.throwIfAny();
  }

  private static List<WrongBackend> neighbours() {
    return List.of(
        wrong(
            16,
            "has one scratch buffer for the models that run",
            WrongHandling::sharingScratch,
            "when another model is loaded, run and closed before its next node"),
        wrong(
            16,
            "prepares a model in tables that others read while they run",
            WrongHandling::sharingTables,
            "when another model is loaded, run and closed before its next node"),
        wrong(
            21,
            "frees at once what a run still reads",
            WrongHandling::freeing,
            "a run fails when the model is closed meanwhile"));
  }

  private static WrongRuntime sharingScratch() {
    AtomicReference<ExecutableModel> owner = new AtomicReference<>();
    return WrongRuntimes.runtime(
        (request, loaded, inputs, cancellation) -> {
          owner.set(loaded);
          cancellation.throwIfCancelled();
          Map<String, Tensor> outputs = loaded.run(inputs, cancellation);
          return owner.get() == loaded ? outputs : Edits.element(outputs, true);
        });
  }

  private static WrongRuntime sharingTables() {
    AtomicInteger loads = new AtomicInteger();
    return new WrongRuntime() {
      @Override
      Model change(Model model) {
        loads.incrementAndGet();
        return model;
      }

      @Override
      Map<String, Tensor> run(
          LoadRequest request,
          ExecutableModel loaded,
          Map<String, Tensor> inputs,
          Cancellation cancellation) {
        int before = loads.get();
        Map<String, Tensor> outputs = loaded.run(inputs, cancellation);
        return loads.get() == before ? outputs : Edits.element(outputs, false);
      }
    };
  }

  private static WrongRuntime freeing() {
    Set<ExecutableModel> freed = Collections.synchronizedSet(new HashSet<>());
    return new WrongRuntime() {
      @Override
      Map<String, Tensor> run(
          LoadRequest request,
          ExecutableModel loaded,
          Map<String, Tensor> inputs,
          Cancellation cancellation) {
        Map<String, Tensor> outputs = loaded.run(inputs, cancellation);
        if (freed.contains(loaded)) {
          throw new NullPointerException("the weights are null");
        }
        return outputs;
      }

      @Override
      void close(ExecutableModel loaded) {
        freed.add(loaded);
        loaded.close();
      }
    };
  }

  private static List<WrongBackend> forms() {
    return List.of(
        changing(
            25,
            "finds constants by names in small letters",
            WrongHandling::foundInSmallLetters,
            "when names differ in capital letters alone"),
        changing(
            25,
            "finds the scale of its input by its place among the constants",
            WrongHandling::foundByPlace,
            "beside nodes and constants that nothing reads"),
        saying(
            26,
            "gives what nodes give alone",
            WrongHandling::withoutWhatIsHandedOn,
            "when inputs and constants are outputs, too"),
        changing(
            34,
            "takes every zero point for one of uint8 before operator set 19",
            model ->
                model.opset() >= 19
                    ? model
                    : Edits.constants(
                        model,
                        (name, tensor) -> name.endsWith("_dq_zero") ? opposite(tensor) : tensor),
            "under operator set 13"),
        saying(
            35,
            "shares what is prepared between the branches of an If",
            (request, in, out) -> has(request, "If") ? Edits.element(out, true) : out,
            "inside an If"),
        saying(
            35,
            "writes over what the next trip of a loop reads",
            (request, in, out) -> has(request, "Loop") ? Edits.element(out, true) : out,
            "inside a Loop"));
  }

  private static Model foundInSmallLetters(Model model) {
    Map<String, Tensor> known = new HashMap<>();
    model
        .graph()
        .initializers()
        .forEach((name, tensor) -> known.put(name.toLowerCase(Locale.ROOT), tensor));
    return Edits.constants(
        model,
        (name, tensor) -> {
          Tensor found = known.get(name.toLowerCase(Locale.ROOT));
          return found.type().equals(tensor.type()) ? found : tensor;
        });
  }

  private static Model foundByPlace(Model model) {
    Tensor first =
        model.graph().initializers().values().stream()
            .filter(tensor -> tensor.dataType() == DataType.FLOAT && tensor.rank() == 0)
            .findFirst()
            .orElseThrow();
    return Edits.constants(model, (name, tensor) -> name.equals("x0_dq_scale") ? first : tensor);
  }

  private static Map<String, Tensor> withoutWhatIsHandedOn(
      LoadRequest request, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
    Map<String, Tensor> changed = new LinkedHashMap<>(outputs);
    Graph graph = request.model().graph();
    changed.replaceAll(
        (name, tensor) ->
            graph.producer(name).isPresent()
                ? tensor
                : Tensor.ofIntegers(
                    tensor.dataType(), new long[(int) tensor.elementCount()], tensor.sizes()));
    return changed;
  }

  private static Tensor opposite(Tensor zero) {
    long[] integers = zero.integers();
    for (int i = 0; i < integers.length; i++) {
      integers[i] = integers[i] > 64 ? integers[i] - 64 : integers[i] + 64;
    }
    return Tensor.ofIntegers(zero.dataType(), integers, zero.sizes());
  }

  private static boolean has(LoadRequest request, String op) {
    return request.model().graph().nodes().stream().anyMatch(node -> node.op().is(op));
  }

  private static List<WrongBackend> threads() {
    return List.of(
        running(
            27,
            "shuts down the executor that it computes on",
            (request, loaded, inputs, cancellation) -> {
              Map<String, Tensor> outputs = loaded.run(inputs, cancellation);
              request
                  .parallelism()
                  .executor()
                  .filter(ExecutorService.class::isInstance)
                  .map(ExecutorService.class::cast)
                  .ifPresent(ExecutorService::shutdown);
              return outputs;
            },
            "shuts down the executor"),
        running(
            27,
            "waits until an executor begins its tasks",
            (request, loaded, inputs, cancellation) -> {
              request.parallelism().executor().ifPresent(WrongHandling::awaitATask);
              return loaded.run(inputs, cancellation);
            },
            "waits for a task that has not begun"),
        wrong(31, "starts eight threads whatever it is asked", Threads::eight, "starts 8"),
        wrong(
            31,
            "leaves a thread behind that is no daemon",
            Threads::withoutEnd,
            "which is no daemon"));
  }

  private static void awaitATask(Executor executor) {
    CountDownLatch begun = new CountDownLatch(1);
    try {
      executor.execute(begun::countDown);
      begun.await();
    } catch (RejectedExecutionException e) {
      // It computes alone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts threads as it loads, which end by themselves after a while. */
  private static final class Threads extends WrongRuntime {
    private final int count;
    private final int every;
    private final boolean daemon;
    private final AtomicInteger loads = new AtomicInteger();

    private Threads(int count, int every, boolean daemon) {
      this.count = count;
      this.every = every;
      this.daemon = daemon;
    }

    static WrongRuntime eight() {
      return new Threads(8, 1, true);
    }

    static WrongRuntime withoutEnd() {
      return new Threads(1, 10, false);
    }

    @Override
    Model change(Model model) {
      if (loads.incrementAndGet() % every == 0) {
        for (int i = 0; i < count; i++) {
          Thread thread = new Thread(Threads::waitAWhile, "acme-" + i);
          thread.setDaemon(daemon);
          thread.start();
        }
      }
      return model;
    }

    private static void waitAWhile() {
      try {
        Thread.sleep(A_WHILE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static List<WrongBackend> leftovers() {
    return List.of(
        wrong(
            31,
            "writes each model to a temporary file",
            () ->
                new WrongRuntime() {
                  @Override
                  Model change(Model model) {
                    temporary().toFile().deleteOnExit();
                    return model;
                  }
                },
            "leave as many files behind"),
        wrong(31, "never closes what it reads", WrongHandling::opening, "open handles behind"));
  }

  private static Path temporary() {
    try {
      return Files.createTempFile("acme", ".program");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static WrongRuntime opening() {
    List<FileChannel> opened = Collections.synchronizedList(new ArrayList<>());
    return new WrongRuntime() {
      @Override
      Model change(Model model) {
        try {
          opened.add(FileChannel.open(Path.of(System.getProperty("java.home"), "release")));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        return model;
      }
    };
  }

  private static List<WrongBackend> surroundings() {
    return List.of(
        running(
            32,
            "clears the interrupt of its caller",
            (request, loaded, inputs, cancellation) -> {
              Thread.interrupted();
              return loaded.run(inputs, cancellation);
            },
            "clears the interrupt"),
        running(
            32,
            "goes on without its helpers when it is interrupted",
            (request, loaded, inputs, cancellation) -> {
              boolean interrupted = Thread.interrupted();
              Map<String, Tensor> outputs = loaded.run(inputs, cancellation);
              if (!interrupted) {
                return outputs;
              }
              Thread.currentThread().interrupt();
              return Edits.element(outputs, true);
            },
            "differs in a run whose thread is interrupted before it"),
        running(
            32,
            "breaks when it is interrupted",
            (request, loaded, inputs, cancellation) -> {
              if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("java.lang.InterruptedException");
              }
              return loaded.run(inputs, cancellation);
            },
            "is not refused by an error with an id"),
        changing(
            33,
            "writes scales as text in the language of the user",
            model ->
                Edits.constants(
                    model,
                    (name, tensor) ->
                        tensor.dataType() == DataType.FLOAT && tensor.rank() == 0
                            ? Tensor.of(
                                new float[] {
                                  Float.parseFloat(String.format("%e", tensor.floats()[0]))
                                })
                            : tensor),
            "the runtime refuses what it declares"),
        changing(
            33,
            "has the process speak English",
            model -> {
              Locale.setDefault(Locale.US);
              return model;
            },
            "the runtime sets the default locale"));
  }
}
