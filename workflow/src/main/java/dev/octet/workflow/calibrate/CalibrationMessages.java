package dev.octet.workflow.calibrate;

import dev.octet.annotation.tree.SpecTree;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.tree.Tree;
import dev.octet.protobuf.ByteString;
import dev.octet.workflow.calibrate.proto.CalibrationProto;
import dev.octet.workflow.data.SampleRange;
import dev.octet.workflow.provenance.BackendBuild;
import dev.octet.workflow.provenance.Maker;
import dev.octet.workflow.text.JsonText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns calibrations into messages and back. */
final class CalibrationMessages {

  private CalibrationMessages() {}

  static CalibrationProto.Body toBody(Calibration calibration) {
    CalibrationProto.Body.Builder body = header(calibration);
    calibration.groups().forEach(g -> body.addGroups(toRequest(g.group())));
    calibration.seen().ranges().forEach(r -> body.addRanges(toRange(r)));
    calibration.tensors().forEach(t -> body.addTensors(toTensors(t)));
    return body.build();
  }

  private static CalibrationProto.Body.Builder header(Calibration calibration) {
    return CalibrationProto.Body.newBuilder()
        .setModelHash(calibration.modelHash())
        .setSamples(calibration.samples());
  }

  /** Returns a message of the groups and what was seen of them, in an order of their own. */
  static CalibrationProto.Body toGroups(Calibration calibration) {
    List<CalibrationProto.Group> groups =
        calibration.groups().stream()
            .map(CalibrationMessages::toGroup)
            .sorted(
                Comparator.comparing(
                    CalibrationProto.Group::toByteString,
                    ByteString.unsignedLexicographicalComparator()))
            .toList();
    return header(calibration).addAllGroups(groups).build();
  }

  /**
   * Returns the calibration of a message; {@link IllegalArgumentException} or {@link
   * ArithmeticException} if it is none; {@code OCT-CAL-001}, {@code OCT-CAL-019} or {@code
   * OCT-CAL-020} where an observer is not known or cannot read its statistics.
   *
   * @param source names the file, for messages
   */
  static Calibration fromBody(CalibrationProto.Body body, Observers observers, String source) {
    if (!body.getPlanHash().isEmpty()) {
      throw new IllegalArgumentException("it names a plan, as an earlier version does");
    }
    return Calibration.of(
        body.getModelHash(),
        fromRanges(body),
        body.getGroupsList().stream().map(g -> fromRequest(g, observers, source)).toList(),
        body.getTensorsList().stream().map(t -> fromTensors(t, observers, source)).toList(),
        observers);
  }

  /** Returns the calibration of a message of version 4 or 3; see {@link #fromBody}. */
  static Calibration fromGroups(CalibrationProto.Body body, Observers observers, String source) {
    if (body.getPlanHash().isEmpty()) {
      throw new IllegalArgumentException("it names no plan, as a later version does");
    }
    List<GroupStatistics> groups =
        body.getGroupsList().stream().map(g -> fromGroup(g, observers, source)).toList();
    return new Calibration(body.getModelHash(), fromRanges(body), groups);
  }

  /** Returns what a message of version 3 says of what made a calibration. */
  static List<Maker> fromMakers(CalibrationProto.Makers makers) {
    return makers.getBuildsList().stream().map(build -> Maker.ofBackend(fromBuild(build))).toList();
  }

  private static BackendBuild fromBuild(CalibrationProto.Build build) {
    return new BackendBuild(
        build.hasVersion() ? Optional.of(build.getVersion()) : Optional.empty(),
        build.hasSha256() ? Optional.of(build.getSha256()) : Optional.empty());
  }

  private static CalibrationProto.Range toRange(SampleRange range) {
    return CalibrationProto.Range.newBuilder()
        .setData(range.data())
        .setFirst(range.first())
        .setCount(range.count())
        .build();
  }

  private static SeenSamples fromRanges(CalibrationProto.Body body) {
    List<SampleRange> ranges =
        body.getRangesList().stream()
            .map(r -> new SampleRange(r.getData(), r.getFirst(), r.getCount()))
            .toList();
    long known = ranges.stream().mapToLong(SampleRange::count).sum();
    return SeenSamples.of(ranges, Math.subtractExact(body.getSamples(), known));
  }

  private static CalibrationProto.Group toRequest(ObservedGroup group) {
    CalibrationProto.Group.Builder message =
        CalibrationProto.Group.newBuilder()
            .setSpecText(JsonText.write(SpecTree.toTree(group.spec())));
    group
        .values()
        .forEach(name -> message.addValues(CalibrationProto.Value.newBuilder().setName(name)));
    return message.build();
  }

  private static ObservedGroup fromRequest(
      CalibrationProto.Group message, Observers observers, String source) {
    List<String> names =
        message.getValuesList().stream().map(CalibrationProto.Value::getName).toList();
    QuantizationSpec.Observed spec = spec(message, source + ", group of " + names);
    observers.descriptor(spec.observer());
    observers.rule(spec);
    return new ObservedGroup(names, spec);
  }

  private static CalibrationProto.Tensors toTensors(TensorStatistics statistics) {
    ObservedTensors tensors = statistics.tensors();
    CalibrationProto.Tensors.Builder message =
        CalibrationProto.Tensors.newBuilder()
            .addAllValues(toValues(tensors.values(), statistics.elements()))
            .setObserver(tensors.observer().name());
    tensors.axis().ifPresent(message::setAxis);
    tensors
        .observer()
        .parameters()
        .forEach(
            (name, value) ->
                message.addParameters(
                    CalibrationProto.Parameter.newBuilder().setName(name).setValue(value)));
    statistics.channels().forEach(c -> message.addChannels(toChannel(c)));
    statistics.logits().ifPresent(seen -> message.setLogits(toLogits(seen)));
    return message.build();
  }

  private static CalibrationProto.Logits toLogits(LogitStatistics seen) {
    return CalibrationProto.Logits.newBuilder()
        .setRows(seen.rows())
        .setKept(seen.kept())
        .setCut(seen.cut())
        .setMasked(seen.masked())
        .build();
  }

  private static Optional<LogitStatistics> fromLogits(CalibrationProto.Tensors message) {
    CalibrationProto.Logits seen = message.getLogits();
    return message.hasLogits()
        ? Optional.of(
            new LogitStatistics(seen.getRows(), seen.getKept(), seen.getCut(), seen.getMasked()))
        : Optional.empty();
  }

  private static TensorStatistics fromTensors(
      CalibrationProto.Tensors message, Observers observers, String source) {
    SortedMap<String, String> parameters = new TreeMap<>();
    message.getParametersList().forEach(p -> parameters.put(p.getName(), p.getValue()));
    ObserverSpec observer = new ObserverSpec(message.getObserver(), parameters);
    observers.descriptor(observer);
    List<String> names =
        message.getValuesList().stream().map(CalibrationProto.Value::getName).toList();
    String place = source + ", tensors " + names;
    OptionalInt axis = message.hasAxis() ? OptionalInt.of(message.getAxis()) : OptionalInt.empty();
    return new TensorStatistics(
        new ObservedTensors(names, ObservedTensors.along(axis), observer),
        message.getValuesList().stream().map(CalibrationProto.Value::getElements).toList(),
        message.getChannelsList().stream()
            .map(c -> fromChannel(c, observer, observers, place))
            .toList(),
        fromLogits(message));
  }

  private static List<CalibrationProto.Value> toValues(List<String> names, List<Long> elements) {
    List<CalibrationProto.Value> values = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      values.add(
          CalibrationProto.Value.newBuilder()
              .setName(names.get(i))
              .setElements(elements.get(i))
              .build());
    }
    return values;
  }

  private static CalibrationProto.Group toGroup(GroupStatistics statistics) {
    ObservedGroup group = statistics.group();
    CalibrationProto.Group.Builder message =
        CalibrationProto.Group.newBuilder()
            .setSpecText(JsonText.write(SpecTree.toTree(group.spec())))
            .addAllValues(toValues(group.values(), statistics.elements()));
    statistics.channels().forEach(c -> message.addChannels(toChannel(c)));
    return message.build();
  }

  private static GroupStatistics fromGroup(
      CalibrationProto.Group message, Observers observers, String source) {
    ObservedGroup group = fromRequest(message, observers, source);
    return new GroupStatistics(
        group,
        message.getValuesList().stream().map(CalibrationProto.Value::getElements).toList(),
        message.getChannelsList().stream()
            .map(
                c ->
                    fromChannel(
                        c,
                        group.spec().observer(),
                        observers,
                        source + ", group " + message.getId()))
            .toList());
  }

  private static QuantizationSpec.Observed spec(CalibrationProto.Group message, String place) {
    return SpecTree.fromTree(JsonText.parse(message.getSpecText(), place))
        .concrete()
        .flatMap(QuantizationSpec.Concrete::observed)
        .orElseThrow(() -> new IllegalArgumentException(place + " is not observed"));
  }

  private static CalibrationProto.Channel toChannel(ChannelStatistics statistics) {
    CalibrationProto.Channel.Builder message =
        CalibrationProto.Channel.newBuilder()
            .setMin(statistics.min())
            .setMax(statistics.max())
            .setFinite(statistics.finite())
            .setNan(statistics.nan())
            .setInfinite(statistics.infinite());
    if (statistics instanceof Histogram histogram) {
      CalibrationProto.Bins.Builder bins =
          CalibrationProto.Bins.newBuilder()
              .setZeros(histogram.zeros())
              .setFirst(histogram.firstBin());
      for (long count : histogram.counts()) {
        bins.addCounts(count);
      }
      return message.setBins(bins).build();
    }
    Tree.Mapping state = statistics.state();
    return state.entries().isEmpty()
        ? message.build()
        : message.setState(JsonText.write(state)).build();
  }

  private static ChannelStatistics fromChannel(
      CalibrationProto.Channel message, ObserverSpec spec, Observers observers, String place) {
    boolean own = observers.isOwn(spec);
    boolean wantsBins = Observers.keptBy(spec).equals(Observers.HISTOGRAM);
    if (own && message.hasBins() != wantsBins) {
      throw new IllegalArgumentException(
          place + (wantsBins ? " lacks" : " has") + " the bins of a histogram");
    }
    if (message.hasBins()) {
      Histogram histogram = fromBins(message);
      return own ? histogram : observers.restore(spec, histogram.extremes(), histogram.state());
    }
    Extremes extremes =
        new Extremes(
            message.getMin(),
            message.getMax(),
            message.getFinite(),
            message.getNan(),
            message.getInfinite());
    if (own) {
      return extremes;
    }
    Tree.Mapping state =
        message.hasState()
            ? JsonText.parse(message.getState(), place).asMapping()
            : Tree.of(Map.of());
    return observers.restore(spec, extremes, state);
  }

  private static Histogram fromBins(CalibrationProto.Channel message) {
    CalibrationProto.Bins bins = message.getBins();
    long[] counts = bins.getCountsList().stream().mapToLong(Long::longValue).toArray();
    Histogram histogram =
        new Histogram(
            message.getMin(),
            message.getMax(),
            bins.getFirst(),
            counts,
            bins.getZeros(),
            message.getNan(),
            message.getInfinite());
    if (histogram.finite() != message.getFinite()) {
      throw new IllegalArgumentException(
          message.getFinite() + " finite values, but " + histogram.finite() + " in bins");
    }
    return histogram;
  }
}
