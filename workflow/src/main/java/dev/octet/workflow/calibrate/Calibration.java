package dev.octet.workflow.calibrate;

import dev.octet.api.error.OctetException;
import dev.octet.api.observer.Range;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.data.SampleRange;
import dev.octet.workflow.provenance.BackendBuild;
import dev.octet.workflow.provenance.Claim;
import dev.octet.workflow.provenance.Claims;
import dev.octet.workflow.provenance.Maker;
import dev.octet.workflow.provenance.RuntimeBuild;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What observers saw of the tensors of a model over a number of samples: a function of the prepared
 * model, of what was observed and of the multiset of samples. Immutable and thread-safe.
 *
 * <p>It serves every plan of the same prepared model that needs no more than what was observed: the
 * one that it was made for, others that leave groups or tensors of groups out, and those that give
 * groups another type, scheme or search of the same statistics. What it says of their groups is
 * what a calibration for that plan alone would say, bit for bit.
 *
 * <p>Equal calibrations have equal files. Calibrations of parts of the data add up to the
 * calibration of the whole, bit for bit, in whatever way the data was divided and in whatever order
 * the parts are added. Only where an observer of a backend depends on the order of the samples are
 * they a function of their sequence, and do not add up.
 */
public final class Calibration {

  private final String modelHash;
  private final SeenSamples seen;
  private final List<GroupStatistics> groups;
  private final List<TensorStatistics> tensors;
  private final SortedSet<Maker> makers;
  private final List<String> classNames;
  private final Tree.Mapping extras;

  /**
   * Makes a calibration of what was seen of groups, each as a whole.
   *
   * @param modelHash the content hash of the model that ran
   * @param seen the samples
   * @param groups the groups, in any order
   */
  public Calibration(String modelHash, SeenSamples seen, List<GroupStatistics> groups) {
    this(
        modelHash,
        seen,
        groups,
        groups.stream().map(GroupStatistics::whole).distinct().toList(),
        List.of(),
        List.of(),
        none());
  }

  private Calibration(
      String modelHash,
      SeenSamples seen,
      List<GroupStatistics> groups,
      List<TensorStatistics> tensors,
      Collection<Maker> makers,
      List<String> classNames,
      Tree.Mapping extras) {
    this.modelHash = Objects.requireNonNull(modelHash, "modelHash");
    this.seen = Objects.requireNonNull(seen, "seen");
    this.groups =
        groups.stream()
            .sorted(Comparator.comparing(GroupStatistics::group, ObservedGroup.ORDER))
            .toList();
    this.tensors =
        tensors.stream()
            .sorted(Comparator.comparing(TensorStatistics::tensors, ObservedTensors.ORDER))
            .toList();
    this.makers = Collections.unmodifiableSortedSet(new TreeSet<>(makers));
    this.classNames = List.copyOf(classNames);
    this.extras = extras;
    if (tensors.stream().map(TensorStatistics::tensors).distinct().count() != tensors.size()) {
      throw new IllegalArgumentException("two observers watched the same");
    }
  }

  /**
   * Makes a calibration of what observers saw.
   *
   * @param groups the groups that it is made for, all of whose values were watched
   */
  static Calibration of(
      String modelHash,
      SeenSamples seen,
      List<ObservedGroup> groups,
      List<TensorStatistics> tensors,
      Observers observers) {
    return new Calibration(
        modelHash,
        seen,
        assembled(groups, tensors, observers),
        tensors,
        List.of(),
        List.of(),
        none());
  }

  private static Tree.Mapping none() {
    return Tree.of(Map.of());
  }

  private static List<GroupStatistics> assembled(
      List<ObservedGroup> groups, List<TensorStatistics> tensors, Observers observers) {
    Coverage coverage = new Coverage(tensors, observers);
    return groups.stream()
        .map(
            group ->
                coverage
                    .of(group)
                    .orElseThrow(() -> new IllegalArgumentException(coverage.lack(group))))
        .toList();
  }

  /** Returns the content hash of the model that ran. */
  public String modelHash() {
    return modelHash;
  }

  /** Returns the number of samples. */
  public long samples() {
    return seen.count();
  }

  /** Returns the samples. */
  public SeenSamples seen() {
    return seen;
  }

  /** Returns what was seen of the groups that it was made for, by the names of their values. */
  public List<GroupStatistics> groups() {
    return groups;
  }

  /** Returns what the observers saw, of which that of groups is made. */
  List<TensorStatistics> tensors() {
    return tensors;
  }

  /**
   * Returns the groups among some for which this does not serve, each with the reason in words.
   *
   * @param wanted groups of a plan of the same model
   * @param observers the observers that they name
   */
  public Map<ObservedGroup, String> lacking(List<ObservedGroup> wanted, Observers observers) {
    Coverage coverage = new Coverage(tensors, observers);
    Map<ObservedGroup, String> lacking = new LinkedHashMap<>();
    for (ObservedGroup group : wanted) {
      if (coverage.of(group).isEmpty()) {
        lacking.put(group, coverage.lack(group));
      }
    }
    return lacking;
  }

  /**
   * Returns this calibration as one of these groups alone.
   *
   * @param wanted groups for which it serves
   * @param observers the observers that they name
   * @throws IllegalArgumentException if it does not serve for one of them, see {@link #lacking}
   */
  public Calibration restrictedTo(List<ObservedGroup> wanted, Observers observers) {
    return new Calibration(
        modelHash,
        seen,
        assembled(wanted, tensors, observers),
        tensors,
        makers,
        classNames,
        extras);
  }

  /**
   * Returns what made this calibration or its parts, sorted; none where it does not say. The
   * content hash does not count them.
   */
  public SortedSet<Maker> makers() {
    return makers;
  }

  /**
   * Returns what ran the float model: Octet's kernels, where the calibration does not say. Files of
   * before it was said had no other.
   */
  public RuntimeBuild runtime() {
    return makers.stream()
        .flatMap(maker -> maker.runtime().stream())
        .findFirst()
        .orElseGet(RuntimeBuild::octets);
  }

  /** Returns the builds of the backend that made this calibration or its parts, sorted. */
  public SortedSet<BackendBuild> builds() {
    SortedSet<BackendBuild> builds = new TreeSet<>();
    makers.forEach(maker -> builds.add(maker.backend()));
    return Collections.unmodifiableSortedSet(builds);
  }

  /** Returns this calibration as one that was made so. */
  public Calibration madeBy(Maker maker) {
    return madeBy(List.of(maker));
  }

  /** Returns this calibration as one whose parts were made so. */
  Calibration madeBy(Collection<Maker> others) {
    return new Calibration(modelHash, seen, groups, tensors, others, classNames, extras);
  }

  /**
   * Returns the names of the classes that the labels of the samples are the positions of, as the
   * data told them; none where it did not. The content hash does not count them.
   */
  public List<String> classNames() {
    return classNames;
  }

  /** Returns this calibration as one on data that tells the names of its classes. */
  public Calibration withClassNames(List<String> names) {
    return new Calibration(modelHash, seen, groups, tensors, makers, names, extras);
  }

  /** Returns the fields of the file that are somebody else's: their names begin with {@code x-}. */
  Tree.Mapping extras() {
    return extras;
  }

  /** Returns this calibration with fields that are somebody else's. */
  Calibration withExtras(Tree.Mapping others) {
    return new Calibration(modelHash, seen, groups, tensors, makers, classNames, others);
  }

  /**
   * Returns the content hash, which the file holds: SHA-256 of everything else in it but {@link
   * #makers}, {@link #classNames} and fields that are somebody else's, in lower-case hexadecimal
   * digits.
   */
  public String contentHash() {
    return CalibrationFile.contentHash(this);
  }

  /**
   * Returns the content hash of what was seen of the groups: SHA-256 of the model, the number of
   * samples and the statistics of the groups, in lower-case hexadecimal digits. What else was
   * observed, and which samples of which data they were, take no part.
   */
  public String groupsHash() {
    return CalibrationFile.groupsHash(this);
  }

  /**
   * Adds what a converted file says of this calibration.
   *
   * @param claims what else it says
   */
  public Claims claim(Claims claims) {
    Claims known =
        makers.stream().anyMatch(maker -> maker.runtime().isPresent())
            ? claims.with(runtime())
            : claims;
    return known
        .with(Claim.CALIBRATION, groupsHash())
        .with(Claim.DATA, SampleRange.data(seen.ranges()))
        .with(Claim.SAMPLES, Long.toString(samples()));
  }

  /**
   * Writes the file, first under another name beside it, so that no half-written file ever has its
   * name.
   *
   * @throws OctetException {@code OCT-CAL-013} if it cannot be written
   */
  public void write(Path file) {
    CalibrationFile.write(this, file);
  }

  /**
   * Writes the bytes of the file to a stream, which is not closed.
   *
   * @throws IOException if the stream cannot be written
   */
  public void write(OutputStream out) throws IOException {
    out.write(CalibrationFile.toBytes(this));
  }

  /**
   * Reads the bytes of a file from a stream to its end; it is not closed.
   *
   * @param source what errors call it, a key of a store for instance
   * @param observers as in {@link #read(Path, Observers)}
   * @throws IOException if the stream cannot be read
   * @throws OctetException as {@link #read(Path, Observers)}, but for files
   */
  public static Calibration read(InputStream in, String source, Observers observers)
      throws IOException {
    return CalibrationFile.fromBytes(in.readAllBytes(), observers, source);
  }

  /**
   * Reads a file whose observers are Octet's own; see {@link #read(Path, Observers)}.
   *
   * @throws OctetException as {@link #read(Path, Observers)}
   */
  public static Calibration read(Path file) {
    return read(file, Observers.standard());
  }

  /**
   * Reads a file.
   *
   * @param file the file
   * @param observers the kinds of observers; those of backends read their own statistics
   * @throws OctetException {@code OCT-FILE-001} or {@code OCT-FILE-002} if it cannot be read;
   *     {@code OCT-CAL-009} if it is no calibration file; {@code OCT-CAL-029} if it is from before
   *     0.2; {@code OCT-CAL-023} if it is of a later version; {@code OCT-CAL-008} if it is
   *     truncated or changed; {@code OCT-CAL-001} if a group's observer is not known; {@code
   *     OCT-CAL-002} if its parameters are not; {@code OCT-CAL-019} if it cannot read its
   *     statistics; {@code OCT-CAL-020} if several backends bring it
   */
  public static Calibration read(Path file, Observers observers) {
    return CalibrationFile.read(file, observers);
  }

  /**
   * Adds calibrations of parts of the data. The sum records the makers of all of them, and the
   * names of classes and those fields that are somebody else's which all of them have alike.
   *
   * @param parts at least one, in any order; no sample belongs to two of them
   * @throws OctetException {@code OCT-CAL-015} if there is none; {@code OCT-CAL-007} if they are of
   *     different models, groups, tensors or channels; {@code OCT-CAL-031} if they were made on
   *     different runtimes; {@code OCT-CAL-021} if two of them are known to have a sample in
   *     common; {@code OCT-CAL-018} if the observer of a group depends on the order of the samples;
   *     {@code OCT-CAL-017} if that of a backend fails; {@code OCT-CAL-032} if a count leaves 64
   *     bits
   */
  public static Calibration merge(List<Calibration> parts) {
    if (parts.isEmpty()) {
      throw CalibrationErrors.NOTHING_TO_MERGE.error("There is no calibration to merge").build();
    }
    Calibration sum = parts.get(0);
    try {
      for (Calibration part : parts.subList(1, parts.size())) {
        sum = sum.plus(part);
      }
    } catch (ArithmeticException e) {
      throw CalibrationErrors.TOO_MANY
          .error("A count of the calibrations together leaves 64 bits")
          .cause(e)
          .build();
    }
    return sum;
  }

  /**
   * Checks that this calibration is of a model.
   *
   * @param model the content hash of the prepared model
   * @throws OctetException {@code OCT-CAL-016} if it is of another
   */
  public void requireFor(String model) {
    if (!modelHash.equals(model)) {
      throw CalibrationErrors.OTHER_MODEL
          .error("The calibration was made for another model: " + modelHash + ", not " + model)
          .build();
    }
  }

  /**
   * Returns the range that each channel of each group is quantized for, in the order of {@link
   * #groups}.
   *
   * @throws OctetException as {@link #choices}
   */
  public List<List<Range>> ranges(Observers observers) {
    return choices(observers).stream()
        .map(chosen -> chosen.stream().map(ChosenRange::range).toList())
        .toList();
  }

  /**
   * Returns what each channel of each group is quantized for, in the order of {@link #groups}: what
   * the group's observer finds in its statistics for the group's type and scheme.
   *
   * @throws OctetException {@code OCT-CAL-003} if no sample reached one of the group's values,
   *     {@code OCT-CAL-004} if a channel saw no finite value; as {@link Observers#choose}
   */
  public List<List<ChosenRange>> choices(Observers observers) {
    requireReached();
    return groups.stream().map(group -> GroupRanges.of(group, observers)).toList();
  }

  /** Returns the values of the groups that no sample reached, by name, in the order of groups. */
  public List<String> unreached() {
    List<String> missing = new ArrayList<>();
    for (GroupStatistics group : groups) {
      for (int i = 0; i < group.elements().size(); i++) {
        if (group.elements().get(i) == 0) {
          missing.add(group.group().values().get(i));
        }
      }
    }
    return missing;
  }

  /**
   * Checks that any of the groups' values was seen, so that there is something to quantize.
   *
   * @throws OctetException {@code OCT-CAL-003} if there are groups and nothing of them was seen
   */
  public void requireAnyReached() {
    long values = groups.stream().mapToLong(group -> group.elements().size()).sum();
    List<String> missing = unreached();
    if (values > 0 && missing.size() == values) {
      throw notReached(missing);
    }
  }

  private void requireReached() {
    List<String> missing = unreached();
    if (!missing.isEmpty()) {
      throw notReached(missing);
    }
  }

  private static OctetException notReached(List<String> missing) {
    return CalibrationErrors.NOT_REACHED
        .error("No sample reached '" + String.join("', '", missing) + "'")
        .build();
  }

  /**
   * Returns what a user must know: where NaN or infinities were left out, what was zero everywhere,
   * and that there was no more than one sample.
   */
  public List<Finding> findings() {
    return CalibrationFindings.of(this);
  }

  /**
   * Returns this calibration for people and programs to read, in the words of the plan: {@code
   * parameters} has, by the name of the group, the observed and the chosen ranges of each channel,
   * and scale and zero point. A group of which no range can be told has only what it saw.
   */
  public Tree.Mapping toTree(Observers observers) {
    return CalibrationTree.of(this, observers);
  }

  private Calibration plus(Calibration other) {
    requireMergeable("model", modelHash, other.modelHash);
    requireSameRuntime(other);
    requireMergeable("number of groups", groups.size() + "", other.groups.size() + "");
    requireMergeable("number of tensors", tensors.size() + "", other.tensors.size() + "");
    List<TensorStatistics> sums = new ArrayList<>();
    for (int i = 0; i < tensors.size(); i++) {
      sums.add(sum(tensors.get(i), other.tensors.get(i)));
    }
    List<GroupStatistics> groupSums = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      requireMergeable("group", groups.get(i).group(), other.groups.get(i).group());
      groupSums.add(groups.get(i).plus(other.groups.get(i)));
    }
    seen.firstShared(other.seen).ifPresent(Calibration::refuseTwice);
    SortedSet<Maker> all = new TreeSet<>(makers);
    all.addAll(other.makers);
    Map<String, Tree> alike = new LinkedHashMap<>(extras.entries());
    alike.entrySet().retainAll(other.extras.entries().entrySet());
    List<String> names = classNames.equals(other.classNames) ? classNames : List.of();
    return new Calibration(
        modelHash, seen.plus(other.seen), groupSums, sums, all, names, Tree.of(alike));
  }

  private static TensorStatistics sum(TensorStatistics a, TensorStatistics b) {
    requireMergeable("tensor", a.tensors(), b.tensors());
    if (!a.isMergeable() || !b.isMergeable()) {
      throw orderDependent(a.tensors());
    }
    if (!a.channels().isEmpty() && !b.channels().isEmpty()) {
      requireMergeable(
          "number of channels of '" + String.join("', '", a.tensors().values()) + "'",
          a.channels().size() + "",
          b.channels().size() + "");
    }
    return a.plus(b);
  }

  private void requireSameRuntime(Calibration other) {
    if (!runtime().equals(other.runtime())) {
      throw CalibrationErrors.OTHER_RUNTIME
          .error(
              "One calibration was made on %s, another on %s".formatted(runtime(), other.runtime()))
          .at("runtime")
          .build();
    }
  }

  private static void requireMergeable(String what, Object a, Object b) {
    if (!a.equals(b)) {
      throw CalibrationErrors.NOT_MERGEABLE
          .error("Calibrations with a different " + what + " cannot be merged: " + a + " and " + b)
          .at(what)
          .build();
    }
  }

  private static void refuseTwice(SampleRange shared) {
    throw CalibrationErrors.SEEN_TWICE
        .error("Two of the calibrations saw the same samples: " + CalibrationTree.positions(shared))
        .at("data " + shared.data())
        .build();
  }

  private static OctetException orderDependent(ObservedTensors watched) {
    return CalibrationErrors.ORDERED
        .error(
            "'"
                + String.join("', '", watched.values())
                + "' are watched by the observer '"
                + watched.observer().name()
                + "', whose statistics depend on the order of the samples and cannot be merged")
        .at(String.join(", ", watched.values()))
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Calibration that
        && modelHash.equals(that.modelHash)
        && seen.equals(that.seen)
        && groups.equals(that.groups)
        && tensors.equals(that.tensors)
        && makers.equals(that.makers)
        && classNames.equals(that.classNames)
        && extras.equals(that.extras);
  }

  @Override
  public int hashCode() {
    return Objects.hash(modelHash, seen, groups, tensors, makers);
  }

  /** Returns how much was seen and of which model, in one line. */
  @Override
  public String toString() {
    return "calibration of %s groups on %s samples for model %s"
        .formatted(groups.size(), samples(), modelHash);
  }
}
