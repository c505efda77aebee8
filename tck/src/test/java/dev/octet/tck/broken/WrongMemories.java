package dev.octet.tck.broken;

import dev.octet.api.graph.Node;
import dev.octet.api.option.Options;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Backends that decide by more than the graph and the options. */
final class WrongMemories {

  private WrongMemories() {}

  static List<WrongBackend> all() {
    return List.of(
        new WrongBackend(
            "TCK-DET-001",
            "remembers the nodes of the model before",
            () ->
                new Tampered() {
                  private final Set<String> seen = new HashSet<>();

                  @Override
                  protected boolean takes(AnnotationContext context, Node first) {
                    return seen.add(first.name());
                  }
                },
            "changes what is decided of"),
        new WrongBackend(
            "TCK-DET-002",
            "leaves every second match in float",
            () ->
                new Tampered() {
                  private int count;

                  @Override
                  protected void begin(AnnotationContext context) {
                    count = 0;
                  }

                  @Override
                  protected boolean takes(AnnotationContext context, Node first) {
                    return count++ % 2 == 0;
                  }
                },
            "changes what is decided of"),
        new WrongBackend(
            "TCK-DET-003",
            "goes by the hash codes of names",
            () ->
                new Tampered() {
                  @Override
                  protected boolean takes(AnnotationContext context, Node first) {
                    return first.name().hashCode() % 2 == 0;
                  }
                },
            "other names"),
        new WrongBackend(
            "TCK-DET-004",
            "writes names of operators large as the user's language does",
            () ->
                new Tampered() {
                  @Override
                  protected String rule(String usual, Node first) {
                    return first.op().name().toUpperCase(Locale.getDefault());
                  }
                },
            "the default locale tr-TR"),
        new WrongBackend(
            "TCK-DET-004",
            "has the process speak English",
            () ->
                new Tampered() {
                  @Override
                  protected void begin(AnnotationContext context) {
                    Locale.setDefault(Locale.US);
                  }
                },
            "sets the default locale of the process to en_US"),
        new WrongBackend(
            "TCK-DET-004",
            "leaves a note for itself in the process",
            () ->
                new Tampered() {
                  @Override
                  protected void begin(AnnotationContext context) {
                    System.setProperty("acme.seen", context.graph().name());
                  }
                },
            "sets the system properties [acme.seen] of the process"),
        new WrongBackend(
            "TCK-DET-005",
            "keeps the node that it looks at for all instances",
            () ->
                new Tampered() {
                  private final AtomicReference<String> current = new AtomicReference<>("");

                  @Override
                  protected boolean takes(AnnotationContext context, Node first) {
                    current.set(first.name() + Thread.currentThread().getId());
                    LockSupport.parkNanos(200_000);
                    return current.get().equals(first.name() + Thread.currentThread().getId());
                  }
                },
            "other threads"),
        new WrongBackend(
            "TCK-DET-006",
            "decides by the options that were given last",
            () ->
                new Acme() {
                  private volatile Options last = Options.none();

                  @Override
                  public Quantizer create(Options options) {
                    last = options;
                    return new Quantizer() {
                      @Override
                      public void annotate(AnnotationContext context) {
                        ruleQuantizer(last).annotate(context);
                      }
                    };
                  }
                },
            "changes what is decided of"),
        new WrongBackend(
            "TCK-DET-007",
            "counts an option as chosen when it is given",
            () ->
                new Acme() {
                  @Override
                  public Quantizer create(Options options) {
                    return options.find("observer").isPresent()
                        ? ruleQuantizer(Options.of("observer", "entropy"))
                        : ruleQuantizer(options);
                  }
                },
            "that the defaults are given"));
  }
}
