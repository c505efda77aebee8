package dev.octet.tck.check;

import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.Range;
import dev.octet.api.observer.ValueObserver;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationParameters;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.tck.subject.Subject;
import dev.octet.workflow.calibrate.Calibration;
import dev.octet.workflow.calibrate.GroupStatistics;
import dev.octet.workflow.calibrate.ObservedGroup;
import dev.octet.workflow.calibrate.Observers;
import dev.octet.workflow.calibrate.SeenSamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Whether a backend's own observers keep what they see, and give ranges of it. */
final class ObserverChecks {
  private static final int THREADS = 4;
  private static final int ORDERS = 8;

  /** How many steps the only value may be off: it is rounded. */
  private static final double ALONE = 0.5;

  /** How many steps one of two values may be off: the other may decide on the grid. */
  private static final double ONE_OF_TWO = 0.75;

  /** Room for the roundings of float32, as a part of an integer. */
  private static final double ROUNDINGS = 0x1p-21;

  /** Names that files, which sort by them, keep in their order. */
  private static final String NAME = "x%04d";

  private ObserverChecks() {}

  static List<RuleCheck> all() {
    return List.of(
        new RuleCheck("TCK-OBS-001", subject -> each(subject, ObserverChecks::requireCounted)),
        new RuleCheck("TCK-OBS-002", subject -> each(subject, ObserverChecks::requireSums)),
        new RuleCheck("TCK-OBS-003", subject -> ofEach(subject, ObserverChecks::requireKept)),
        new RuleCheck("TCK-OBS-004", subject -> each(subject, ObserverChecks::requireUsable)),
        new RuleCheck("TCK-OBS-005", subject -> ofEach(subject, ObserverChecks::requireApart)),
        new RuleCheck("TCK-OBS-006", ObserverChecks::descriptors));
  }

  /** What an observer must show of a stream. */
  @FunctionalInterface
  private interface Demand {
    void on(Watched watched, SeenStream stream);
  }

  /** What an observer must show. */
  @FunctionalInterface
  private interface WholeDemand {
    void on(Subject subject, Watched watched) throws Exception;
  }

  private static List<TckCase> each(Subject subject, Demand demand) {
    List<TckCase> cases = new ArrayList<>();
    List<SeenStream> streams = SeenStream.all(subject.seed());
    for (ObserverSpec spec : specs(subject)) {
      for (SeenStream stream : streams) {
        cases.add(
            Answered.on(
                name(spec) + "/" + stream.name(),
                () -> demand.on(new Watched(observers(subject), spec), stream)));
      }
    }
    return cases;
  }

  private static List<TckCase> ofEach(Subject subject, WholeDemand demand) {
    return specs(subject).stream()
        .map(
            spec ->
                Answered.on(
                    name(spec), () -> demand.on(subject, new Watched(observers(subject), spec))))
        .toList();
  }

  private static String name(ObserverSpec spec) {
    StringBuilder name = new StringBuilder(spec.name());
    spec.parameters().forEach((each, value) -> name.append(',').append(each + "=" + value));
    return name.toString();
  }

  private static Observers observers(Subject subject) {
    return Observers.standard().with(subject.provider());
  }

  /** Each observer with its defaults, and with the parameters that the backend's marks give it. */
  private static Set<ObserverSpec> specs(Subject subject) {
    Set<ObserverSpec> specs = new LinkedHashSet<>();
    Set<String> own = new LinkedHashSet<>();
    for (ObserverKind kind : subject.provider().observers()) {
      own.add(kind.descriptor().name());
      specs.add(new ObserverSpec(kind.descriptor().name(), defaults(kind.descriptor())));
    }
    subject.plainest().stream()
        .flatMap(made -> subject.annotation(made).nodes().values().stream())
        .flatMap(node -> node.operands().values().stream())
        .flatMap(spec -> spec.concrete().stream())
        .flatMap(spec -> spec.observed().stream())
        .map(QuantizationSpec.Observed::observer)
        .filter(spec -> own.contains(spec.name()) && !spec.parameters().isEmpty())
        .forEach(specs::add);
    return specs;
  }

  private static SortedMap<String, String> defaults(ObserverDescriptor descriptor) {
    TreeMap<String, String> values = new TreeMap<>();
    descriptor.parameters().forEach(p -> values.put(p.name(), p.defaultValue()));
    return values;
  }

  private static void requireCounted(Watched watched, SeenStream stream) {
    List<ChannelStatistics> seen = watched.see(stream.parts());
    for (int c = 0; c < stream.channels(); c++) {
      Extremes expected = Extremes.NONE;
      for (SeenPart part : stream.parts()) {
        expected = expected.plus(part.extremes(c));
      }
      if (!seen.get(c).extremes().equals(expected)) {
        throw Violation.of(
            "channel %d of observer '%s' saw %s, and says that it saw %s",
            c, watched.spec().name(), expected, seen.get(c).extremes());
      }
    }
  }

  private static void requireSums(Watched watched, SeenStream stream) {
    List<ChannelStatistics> whole = watched.see(stream.parts());
    watched.requireSame(whole, watched.see(stream.parts()), "the same values again");
    if (watched.dependsOnOrder()) {
      return;
    }
    SeenPart joined = SeenPart.joined(stream.parts());
    watched.requireSameInUse(whole, watched.see(List.of(joined)), "all values in one call");
    watched.requireSame(whole, watched.see(List.of(joined.reversed())), "the last value first");
    watched.requireSame(whole, watched.see(joined.oneByOne()), "one value in each call");
    List<List<ChannelStatistics>> parts =
        stream.parts().stream().map(part -> watched.see(List.of(part))).toList();
    SplittableRandom random = new SplittableRandom(parts.size());
    for (int i = 0; i < ORDERS; i++) {
      watched.requireSame(whole, addedFromLeft(parts), "parts that are added, " + i);
      watched.requireSame(whole, addedFromRight(parts), "parts that are added from behind, " + i);
      parts = shuffled(parts, random);
    }
    watched.requireSame(twice(whole), Watched.sum(whole, whole), "twice, and added to itself");
  }

  private static List<ChannelStatistics> twice(List<ChannelStatistics> seen) {
    return seen.stream()
        .<ChannelStatistics>map(channel -> Watched.mergeable(channel).repeated(2))
        .toList();
  }

  private static List<ChannelStatistics> addedFromLeft(List<List<ChannelStatistics>> parts) {
    return parts.stream().reduce(Watched::sum).orElseThrow();
  }

  private static List<ChannelStatistics> addedFromRight(List<List<ChannelStatistics>> parts) {
    List<ChannelStatistics> sum = parts.get(parts.size() - 1);
    for (int i = parts.size() - 2; i >= 0; i--) {
      sum = Watched.sum(parts.get(i), sum);
    }
    return sum;
  }

  private static <T> List<T> shuffled(List<T> list, SplittableRandom random) {
    List<T> other = new ArrayList<>(list);
    for (int i = other.size() - 1; i > 0; i--) {
      Collections.swap(other, i, random.nextInt(i + 1));
    }
    return other;
  }

  /** Whether a file brings back what was written, in all that can be asked of it. */
  private static void requireKept(Subject subject, Watched watched) throws IOException {
    List<SeenStream> streams = SeenStream.all(subject.seed());
    List<GroupStatistics> groups = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      groups.add(group(watched, i, streams.get(i)));
    }
    Calibration written = new Calibration("model", SeenSamples.unknown(1), groups);
    Path file = Files.createTempFile("octet-tck", ".calib");
    try {
      written.write(file);
      byte[] bytes = Files.readAllBytes(file);
      Calibration read = Calibration.read(file, watched.observers());
      read.write(file);
      for (int i = 0; i < streams.size(); i++) {
        requireSameAfterwards(watched, streams.get(i), groups.get(i), read.groups().get(i));
      }
      if (!Arrays.equals(bytes, Files.readAllBytes(file))) {
        throw Violation.of("a calibration that was read is written with other bytes");
      }
    } finally {
      Files.delete(file);
    }
  }

  private static GroupStatistics group(Watched watched, int id, SeenStream stream) {
    QuantizationSpec.Observed spec = Watched.USES.get(0).withObserver(watched.spec());
    long count = stream.parts().stream().mapToLong(SeenPart::count).sum();
    return new GroupStatistics(
        new ObservedGroup(
            List.of(NAME.formatted(id)),
            stream.channels() == 1 ? spec : spec.withGranularity(new Granularity.PerChannel(1))),
        List.of(count),
        watched.see(stream.parts()));
  }

  private static void requireSameAfterwards(
      Watched watched, SeenStream stream, GroupStatistics before, GroupStatistics read) {
    String file = stream.name() + ", through the file";
    watched.requireSameInUse(before.channels(), read.channels(), file);
    if (!watched.dependsOnOrder()) {
      List<ChannelStatistics> more = watched.see(stream.parts().subList(0, 3));
      watched.requireSameInUse(
          Watched.sum(before.channels(), more),
          Watched.sum(read.channels(), more),
          file + ", and added to");
    }
  }

  private static void requireUsable(Watched watched, SeenStream stream) {
    for (ChannelStatistics channel : watched.see(stream.parts())) {
      if (channel.finite() > 0) {
        Watched.USES.forEach(use -> requireUsable(watched, stream, use, channel));
      }
    }
  }

  private static void requireUsable(
      Watched watched,
      SeenStream stream,
      QuantizationSpec.Observed use,
      ChannelStatistics channel) {
    Range range = watched.choose(use, channel).range();
    QuantizationParameters chosen = watched.choose(use, channel).parameters();
    if (!chosen.equals(watched.choose(use, channel).parameters())) {
      throw Violation.of("asked twice for %s it gives %s, then something else", use, chosen);
    }
    float scale = chosen.scale(0);
    if (!(scale > 0 && Float.isFinite(scale))) {
      throw Violation.of("for %s the scale is %s", use, scale);
    }
    if (range.min() > Math.max(0f, channel.max()) || range.max() < Math.min(0f, channel.min())) {
      throw Violation.of(
          "values from %s to %s were seen, and the range is %s",
          channel.min(), channel.max(), range);
    }
    if (channel.min() == channel.max()) {
      requireRepresented(channel.min(), chosen, use, ALONE);
    } else if (stream.name().startsWith(SeenStream.TWO)) {
      requireRepresented(channel.min(), chosen, use, ONE_OF_TWO);
      requireRepresented(channel.max(), chosen, use, ONE_OF_TWO);
    }
  }

  /** What is all or half of what was seen must be rounded, and neither cut off nor lost. */
  private static void requireRepresented(
      float value, QuantizationParameters chosen, QuantizationSpec.Observed use, double most) {
    double scale = chosen.scale(0);
    double zero = chosen.realZeroPoint(0);
    double integer =
        Math.max(
            (double) use.type().min(),
            Math.min((double) use.type().max(), Math.rint(value / scale + zero)));
    double steps = Math.abs((integer - zero) - value / scale);
    if (steps > most + ROUNDINGS * Math.abs(value / scale) || (value != 0 && integer == zero)) {
      throw Violation.of(
          "%s was all or half of what was seen, and with %s for %s it becomes %s",
          value, chosen, use.type(), (integer - zero) * scale);
    }
  }

  private static void requireApart(Subject subject, Watched watched) throws Exception {
    if (!watched.fresh().statistics().isEmpty()) {
      throw Violation.of("an observer that saw nothing keeps %s", watched.fresh().statistics());
    }
    SeenStream one = SeenStream.varied(subject.seed());
    SeenStream other = SeenStream.constant(one.channels());
    List<ChannelStatistics> alone = watched.see(one.parts());
    List<ChannelStatistics> otherAlone = watched.see(other.parts());
    watched.requireSame(alone, watched.see(one.parts()), "after another observer of the kind");
    ValueObserver first = watched.fresh();
    ValueObserver second = watched.fresh();
    List<ChannelStatistics> early = List.of();
    for (int i = 0; i < one.parts().size(); i++) {
      one.parts().get(i).showTo(first);
      other.parts().get(i).showTo(second);
      early = i == 2 ? first.statistics() : early;
    }
    watched.requireSame(alone, first.statistics(), "beside another observer of the kind");
    watched.requireSame(otherAlone, second.statistics(), "beside another observer of the kind");
    watched.requireSame(alone, first.statistics(), "asked twice");
    watched.requireSame(
        watched.see(one.parts().subList(0, 3)), early, "statistics that were asked for before");
    requireThreadless(watched, one, alone);
  }

  private static void requireThreadless(
      Watched watched, SeenStream stream, List<ChannelStatistics> alone) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      Callable<List<ChannelStatistics>> task = () -> watched.see(stream.parts());
      for (Future<List<ChannelStatistics>> seen : pool.invokeAll(Collections.nCopies(20, task))) {
        watched.requireSame(alone, seen.get(), "beside observers of the kind on other threads");
      }
    } catch (ExecutionException e) {
      throw Violation.of("an observer fails beside others on other threads: %s", e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private static List<TckCase> descriptors(Subject subject) {
    return List.of(
        Answered.on(
            "descriptors",
            () -> {
              List<ObserverDescriptor> first = descriptions(subject);
              if (!first.equals(descriptions(subject))) {
                throw Violation.of("observers() gives %s, then %s", first, descriptions(subject));
              }
              Observers observers = observers(subject);
              first.forEach(descriptor -> requireDescribed(observers, descriptor));
            }));
  }

  private static List<ObserverDescriptor> descriptions(Subject subject) {
    return subject.provider().observers().stream().map(ObserverKind::descriptor).toList();
  }

  private static void requireDescribed(Observers observers, ObserverDescriptor descriptor) {
    requireSentence(descriptor.name(), descriptor.documentation());
    SortedMap<String, String> defaults = defaults(descriptor);
    descriptor
        .parameters()
        .forEach(p -> requireSentence(descriptor.name() + ", " + p.name(), p.documentation()));
    ObserverSpec canonical = observers.canonical(new ObserverSpec(descriptor.name(), defaults));
    if (!canonical.parameters().equals(defaults)) {
      throw Violation.of(
          "the defaults of observer '%s', %s, are not in canonical form, %s",
          descriptor.name(), defaults, canonical.parameters());
    }
  }

  private static void requireSentence(String name, String documentation) {
    if (documentation.isBlank() || !documentation.endsWith(".")) {
      throw Violation.of("'%s' is documented by no sentence: '%s'", name, documentation);
    }
  }
}
