package dev.octet.workflow.verify;

import dev.octet.api.error.ErrorKind;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Provenance;
import dev.octet.api.option.Options;
import dev.octet.workflow.Quantization;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.data.ClassList;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleRange;
import dev.octet.workflow.plan.Plan;
import dev.octet.workflow.plan.PlanDocument;
import dev.octet.workflow.provenance.Claim;
import dev.octet.workflow.provenance.Claims;
import dev.octet.workflow.provenance.FloatFile;
import dev.octet.workflow.provenance.RuntimeBuild;
import dev.octet.workflow.run.NamedRuntime;
import dev.octet.workflow.source.SourceRecipe;
import dev.octet.workflow.text.JsonText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Does again what a file claims, as long as everything that it came from is what it claims. */
final class Redoing {

  private final VerifyRequest request;
  private final Claims claims;
  private final Optional<Provenance> provenance;
  private final List<String> stated;
  private final List<HashCheck> checks = new ArrayList<>();

  Redoing(VerifyRequest request, Model quantized) {
    this.request = request;
    this.claims = Claims.of(quantized);
    this.provenance = Provenance.of(quantized);
    this.stated = ClassList.of(quantized);
  }

  List<HashCheck> checks() {
    return List.copyOf(checks);
  }

  /** Returns the model of the file as it is made again; empty when a check did not hold. */
  Optional<Model> model() {
    Optional<String> source = claims.get(Claim.SOURCE);
    if (request.plan().isEmpty() && source.isEmpty()) {
      throw unplanned();
    }
    if (!check(Claim.MODEL, Optional.of(FloatFile.sha256(request.model())))) {
      return Optional.empty();
    }
    Model read = request.catalogs().read(request.model());
    FloatFile file = FloatFile.of(request.model(), read);
    if (!check(Claim.MODEL_DATA, file.dataLines())) {
      return Optional.empty();
    }
    return request.plan().isPresent()
        ? planned(read).flatMap(plan -> converted(plan, read, file))
        : rewritten(source.orElseThrow(), read, file);
  }

  private OctetException unplanned() {
    String file = request.quantized().toString();
    return provenance.isPresent()
        ? VerifyErrors.NO_PLAN.error("the file was converted by a plan").at(file).build()
        : VerifyErrors.NO_CLAIM.error("the file does not say where it came from").at(file).build();
  }

  private Optional<Plan> planned(Model read) {
    Optional<Plan> bound =
        attempt(
            Claims.PLAN,
            provenance.map(Provenance::planHash),
            request.plan(),
            () -> {
              PlanDocument document = PlanDocument.read(request.plan().orElseThrow());
              return Quantization.bind(
                      document, read, document.provider(request.catalogs().backends()))
                  .allowingOtherProvider();
            });
    return bound.filter(
        plan ->
            check(
                    Claims.PLAN,
                    provenance.map(Provenance::planHash),
                    Optional.of(plan.contentHash()))
                && check(Claim.MODEL_CONTENT, Optional.of(plan.prepared().modelHash())));
  }

  private Optional<Model> converted(Plan plan, Model read, FloatFile file) {
    if (plan.observedGroups().isEmpty()) {
      return Optional.of(Quantization.convert(plan).named(classNames(read)).from(file).model());
    }
    if (request.calibration().isEmpty() && request.data().isEmpty()) {
      throw noSamples("calibration finds the ranges of this plan");
    }
    if (!sameData(read)) {
      return Optional.empty();
    }
    Optional<Calibration> calibration =
        request.calibration().isPresent() ? read(plan) : Optional.of(calibrated(plan, read));
    return calibration
        .filter(known -> isCovered(plan, known))
        .filter(known -> isClaimed(plan, known))
        .map(known -> known.classNames().isEmpty() ? known.withClassNames(classNames(read)) : known)
        .map(known -> Quantization.convert(plan, known).from(file).model());
  }

  private boolean isCovered(Plan plan, Calibration known) {
    Optional<String> lack =
        known.lacking(plan.observedGroups(), plan.observers()).values().stream().findFirst();
    lack.ifPresent(
        why ->
            checks.add(
                new HashCheck(
                    Claim.CALIBRATION.key(),
                    claims.get(Claim.CALIBRATION),
                    Optional.empty(),
                    Optional.of("the calibration does not cover the plan: " + why))));
    return lack.isEmpty();
  }

  private static String groupsHash(Plan plan, Calibration known) {
    return known.restrictedTo(plan.observedGroups(), plan.observers()).groupsHash();
  }

  /** Returns the names of classes that data tells; without data, nothing tells of others. */
  private List<String> classNames(Model read) {
    if (request.data().isEmpty()) {
      return stated;
    }
    try (DataSource source = DataSource.open(request.data().get(), read)) {
      return ClassList.of(source);
    }
  }

  private Optional<Calibration> read(Plan plan) {
    return attempt(
        Claim.CALIBRATION.key(),
        claims.get(Claim.CALIBRATION),
        request.calibration(),
        () -> {
          Observers observers =
              Observers.standard().with(request.catalogs().backend(plan.document().backend()));
          Calibration known = Calibration.read(request.calibration().orElseThrow(), observers);
          known.requireFor(plan.prepared().preparedHash());
          return known;
        });
  }

  private Calibration calibrated(Plan plan, Model read) {
    try (DataSource source = DataSource.open(request.data().orElseThrow(), read)) {
      return Quantization.calibrate(plan, source, claimedRuntime(), request.execution());
    }
  }

  /** Returns what ran the float model, as the file says; Octet's kernels where it does not. */
  private NamedRuntime claimedRuntime() {
    String name = claims.get(Claim.RUNTIME).orElse(RuntimeBuild.octets().name());
    List<String> options =
        claims.get(Claim.RUNTIME_OPTIONS).map(lines -> lines.lines().toList()).orElse(List.of());
    return request.catalogs().runtime(name).with(Options.parse(options));
  }

  /** Other versions of a runtime may give other bits, which is then why they are not the same. */
  private boolean isClaimed(Plan plan, Calibration known) {
    HashCheck check =
        new HashCheck(
            Claim.CALIBRATION.key(),
            claims.get(Claim.CALIBRATION),
            Optional.of(groupsHash(plan, known)),
            Optional.empty());
    checks.add(check.holds() ? check : elsewhere(check, known.runtime()));
    return check.holds();
  }

  private HashCheck elsewhere(HashCheck check, RuntimeBuild runtime) {
    if (request.calibration().isPresent() || runtime.isOctets()) {
      return check;
    }
    String version = claims.get(Claim.RUNTIME_VERSION).orElse("an unknown version");
    return new HashCheck(
        check.key(),
        check.claimed(),
        check.found(),
        Optional.of(
            "calibrated again on "
                + runtime
                + ", where the file was on "
                + version
                + ", it is "
                + check.found().orElseThrow()
                + ": give the calibration of then"));
  }

  /** Data that is not given is not compared. */
  private boolean sameData(Model read) {
    if (request.data().isEmpty()) {
      return true;
    }
    try (DataSource source = DataSource.open(request.data().get(), read)) {
      return check(Claim.DATA, SampleRange.data(source.ranges()))
          && check(Claim.SAMPLES, Optional.of(Integer.toString(source.size())));
    }
  }

  private Optional<Model> rewritten(String source, Model read, FloatFile file) {
    Optional<SourceRecipe> recipe =
        attempt(
            Claim.SOURCE.key(),
            Optional.of(source),
            Optional.empty(),
            () -> SourceRecipe.fromTree(JsonText.parse(source, Claim.SOURCE.key())));
    return recipe.flatMap(known -> rewritten(known, read, file));
  }

  private OctetException noSamples(String fact) {
    return VerifyErrors.NO_SAMPLES.error(fact).at(request.quantized().toString()).build();
  }

  private Optional<Model> rewritten(SourceRecipe recipe, Model read, FloatFile file) {
    if (!recipe.isFitted()) {
      return Optional.of(recipe.quantize(read).in(recipe.form()).from(file).model());
    }
    if (request.data().isEmpty()) {
      throw noSamples("scheme '" + recipe.scheme().word() + "' fits weights to data");
    }
    if (!sameData(read)) {
      return Optional.empty();
    }
    try (DataSource data = DataSource.open(request.data().get(), read)) {
      return Optional.of(
          recipe.quantize(read, data, request.execution()).in(recipe.form()).from(file).model());
    }
  }

  private boolean check(Claim claim, Optional<String> found) {
    return check(claim.key(), claims.get(claim), found);
  }

  private boolean check(String key, Optional<String> claimed, Optional<String> found) {
    HashCheck check = new HashCheck(key, claimed, found, Optional.empty());
    if (claimed.isPresent() || found.isPresent()) {
      checks.add(check);
    }
    return check.holds();
  }

  /**
   * What cannot be read any more is not what it was; a file that there is not is another fault.
   *
   * @param file the file that is read; empty for an entry of the metadata
   */
  private <T> Optional<T> attempt(
      String key, Optional<String> claimed, Optional<Path> file, Supplier<T> reading) {
    try {
      return Optional.of(reading.get());
    } catch (OctetException e) {
      boolean missing = file.filter(path -> !Files.exists(path)).isPresent();
      if (missing || (e.kind() != ErrorKind.INPUT && e.kind() != ErrorKind.USAGE)) {
        throw e;
      }
      Optional<String> why = Optional.of(e.id() + ": " + e.fact());
      checks.add(new HashCheck(key, claimed, Optional.empty(), why));
      return Optional.empty();
    }
  }
}
