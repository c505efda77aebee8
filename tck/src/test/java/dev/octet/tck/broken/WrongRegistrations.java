package dev.octet.tck.broken;

import dev.octet.annotation.rules.BackendRules;
import dev.octet.annotation.rules.RuleBackend;
import dev.octet.api.option.Options;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.Availability;
import dev.octet.api.provider.BuiltFor;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.spec.ScaleGridKind;
import java.util.List;

/** Backends that cannot be found, or say of themselves what is not so. */
final class WrongRegistrations {

  private WrongRegistrations() {}

  /** Comes from tomorrow. */
  @BuiltFor("99.0")
  static final class FromTomorrow extends Acme {}

  /** Does not say its version in the form of one. */
  @BuiltFor("one")
  static final class OfNoVersion extends Acme {}

  /** Takes the name of Octet's own backend for the processor. */
  @BuiltFor(ApiVersion.CURRENT)
  static final class Namesake extends RuleBackend {
    Namesake() {
      super("cpu", "The chip of Acme, which runs on a cpu.");
    }

    @Override
    public BackendRules rules(Options options) {
      return new Acme().rules(options.resolve("acme", new Acme().options()));
    }
  }

  /** Lets its capabilities shrink as soon as it is used. */
  static final class Shrinking extends Acme {
    private volatile boolean used;

    @Override
    public Quantizer create(Options options) {
      used = true;
      return super.create(options);
    }

    @Override
    public List<Capability> capabilities(Options options) {
      List<Capability> all = super.capabilities(options);
      return used ? all.subList(0, 3) : all;
    }
  }

  /** Has a grid with the name of one of Octet's. */
  private static final class OwnPowerOfTwo implements ScaleGridKind {
    @Override
    public String name() {
      return "power-of-two";
    }

    @Override
    public String documentation() {
      return "Powers of four.";
    }

    @Override
    public float atLeast(float scale) {
      return (float) Math.pow(4, Math.ceil(Math.log(scale) / Math.log(4)));
    }
  }

  static List<WrongBackend> all() {
    return List.of(
        new WrongBackend(
            "TCK-REG-001",
            "has a name with capitals and a blank",
            () -> Faulty.of(QuantizerProvider.class, new Acme(), "name", () -> "Acme Chip"),
            "name() is 'Acme Chip'"),
        new WrongBackend(
            "TCK-REG-002",
            "describes itself with the text of an object",
            () ->
                Faulty.of(
                    QuantizerProvider.class,
                    new Acme(),
                    "description",
                    () -> "dev.acme.Chip@1b6d3586"),
            "is not for people"),
        new WrongBackend(
            "TCK-REG-003", "comes from tomorrow", FromTomorrow::new, "is built for API 99.0"),
        new WrongBackend(
            "TCK-REG-003", "has a version in words", OfNoVersion::new, "is not MAJOR.MINOR"),
        new WrongBackend(
            "TCK-REG-004", "is not public", FromTomorrow::new, "FromTomorrow is not public"),
        new WrongBackend(
            "TCK-REG-004",
            "is not registered",
            Acme::new,
            "name it in META-INF/services/dev.octet.api.provider.QuantizerProvider"),
        new WrongBackend(
            "TCK-REG-005",
            "is called like Octet's own",
            Namesake::new,
            "'cpu' is the name of more than one backend"),
        new WrongBackend(
            "TCK-REG-006",
            "declares less when it has been used",
            Shrinking::new,
            "what capabilities() gives differs"),
        new WrongBackend(
            "TCK-REG-007",
            "is its own partner",
            () ->
                Faulty.of(
                    QuantizerProvider.class, new Acme(), "alsoRunBy", () -> List.of("cpu", "acme")),
            "alsoRunBy() is [cpu, acme]"),
        new WrongBackend(
            "TCK-REG-008",
            "does not say what to do",
            () ->
                Faulty.of(
                    QuantizerProvider.class,
                    new Acme(),
                    "availability",
                    () -> new Availability.Unavailable("libacme.so is not there", " ")),
            "what to do about the runtime is empty"),
        new WrongBackend(
            "TCK-REG-009",
            "brings a grid with the name of Octet's",
            () ->
                Faulty.of(
                    QuantizerProvider.class,
                    new Acme(),
                    "scaleGrids",
                    () -> List.of(new OwnPowerOfTwo())),
            "scale grid 'power-of-two' has the name of one of Octet's"));
  }
}
