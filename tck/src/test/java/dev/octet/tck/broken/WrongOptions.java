package dev.octet.tck.broken;

import dev.octet.annotation.rules.ObserverChoice;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Backends that do not keep what they list as options. */
final class WrongOptions {

  private WrongOptions() {}

  /** Lists options of its own beside the usual one. */
  private static class Listing extends Acme {
    private final OptionDescriptor more;

    Listing(OptionDescriptor more) {
      this.more = more;
    }

    @Override
    public List<OptionDescriptor> options() {
      return List.of(ObserverChoice.option(), more);
    }
  }

  /** Keeps the options of the first caller for everybody. */
  static final class FirstComes extends Acme {
    private static final AtomicReference<Options> FIRST = new AtomicReference<>();

    @Override
    public Quantizer create(Options options) {
      FIRST.compareAndSet(null, options);
      return ruleQuantizer(FIRST.get());
    }
  }

  static List<WrongBackend> all() {
    return List.of(
        new WrongBackend(
            "TCK-OPT-001",
            "has two options of one name",
            () -> new Listing(ObserverChoice.option()),
            "two are named 'observer'"),
        new WrongBackend(
            "TCK-OPT-001",
            "has a default that is not among the choices",
            () ->
                new Acme() {
                  @Override
                  public List<OptionDescriptor> options() {
                    return List.of(
                        OptionDescriptor.word("mode", "When it works.", "day", "night")
                            .defaultValue("noon"));
                  }
                },
            "default 'noon' of option 'mode' is not one of day, night"),
        new WrongBackend(
            "TCK-OPT-002",
            "has a choice in the list and not in the switch",
            () ->
                new Listing(
                    OptionDescriptor.word("power", "How much.", "low", "high")
                        .defaultValue("low")) {
                  @Override
                  public Quantizer create(Options options) {
                    Options resolved = options.resolve(name(), options());
                    return switch (resolved.word("power")) {
                      case "low" -> super.create(options);
                      default -> throw new IllegalStateException("no such power");
                    };
                  }
                },
            "options() takes {power=[high]}, and create fails with it"),
        new WrongBackend(
            "TCK-OPT-002",
            "does not reach the upper end of a range",
            () ->
                new Listing(OptionDescriptor.integer("lanes", "How many.").range(1, 8)) {
                  @Override
                  public Quantizer create(Options options) {
                    Quantizer right = super.create(options);
                    int lanes = Integer.parseInt(options.find("lanes").orElse("1"));
                    return new int[] {0, 1, 2, 3, 4, 5, 6, 7}[lanes] < 0 ? null : right;
                  }
                },
            "options() takes {lanes=[8]}, and create fails with it"),
        new WrongBackend(
            "TCK-OPT-003",
            "takes whatever is given",
            () ->
                new Acme() {
                  @Override
                  public Quantizer create(Options options) {
                    return ruleQuantizer(Options.none());
                  }
                },
            "create takes {tck-unknown=[1]}, which options() does not list"),
        new WrongBackend(
            "TCK-OPT-003",
            "refuses options in its own way",
            () ->
                new Acme() {
                  @Override
                  public List<Capability> capabilities(Options options) {
                    if (!options.values().keySet().equals(Set.of())) {
                      throw new IllegalArgumentException("bad option");
                    }
                    return super.capabilities(options);
                  }
                },
            "capabilities refuses {tck-unknown=[1]}, and not with OCT-OPT-001"),
        new WrongBackend(
            "TCK-OPT-003",
            "keeps what it refuses",
            () ->
                new Acme() {
                  private volatile Options last = Options.none();

                  @Override
                  public Quantizer create(Options options) {
                    last = options;
                    return super.create(options);
                  }

                  @Override
                  public List<Capability> capabilities(Options options) {
                    List<Capability> all = super.capabilities(options);
                    return last.find("tck-unknown").isPresent() ? all.subList(0, 1) : all;
                  }
                },
            "after {tck-unknown=[1]} was refused"),
        new WrongBackend(
            "TCK-OPT-004",
            "names an option of nodes that it does not have",
            () ->
                new Acme() {
                  @Override
                  public Quantizer create(Options options) {
                    Quantizer right = super.create(options);
                    return new Quantizer() {
                      @Override
                      public void annotate(AnnotationContext context) {
                        right.annotate(context);
                      }

                      @Override
                      public Set<String> nodeOptions() {
                        return Set.of("observers");
                      }
                    };
                  }
                },
            "nodeOptions() names 'observers', and options() has [observer]"),
        new WrongBackend(
            "TCK-OPT-005",
            "keeps the options of the first caller in a static",
            FirstComes::new,
            "that other options were given to other instances before"),
        new WrongBackend(
            "TCK-OPT-006",
            "declares less when a default is stated",
            () ->
                new Acme() {
                  @Override
                  public List<Capability> capabilities(Options options) {
                    List<Capability> all = super.capabilities(options);
                    return options.find("observer").isPresent() ? all.subList(0, 5) : all;
                  }
                },
            "with every default stated"),
        new WrongBackend(
            "TCK-OPT-006",
            "declares what the quantizer that was created last can do",
            () ->
                new Acme() {
                  private volatile Options last = Options.none();

                  @Override
                  public Quantizer create(Options options) {
                    last = options;
                    return super.create(options);
                  }

                  @Override
                  public List<Capability> capabilities(Options options) {
                    List<Capability> all = super.capabilities(options);
                    return last.find("observer").filter("entropy"::equals).isPresent()
                            || last.find("observer").filter("squared-error"::equals).isPresent()
                        ? all.subList(0, 5)
                        : all;
                  }
                },
            "after others were asked for"),
        new WrongBackend(
            "TCK-OPT-007",
            "has an option that nobody reads",
            () ->
                new Listing(
                    OptionDescriptor.flag("fast", "Whether it is fast.").defaultValue(false)),
            "no value of option 'fast' (true or false) changes"));
  }
}
