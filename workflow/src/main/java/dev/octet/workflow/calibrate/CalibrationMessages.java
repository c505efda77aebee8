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
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns calibrations into messages and back. */
final class CalibrationMessages {

  private CalibrationMessages() {}

  static CalibrationProto.Body toBody(Calibration calibration) {
    CalibrationProto.Body.Builder body =
        CalibrationProto.Body.newBuilder()
            .setPlanHash(calibration.planHash())
            .setModelHash(calibration.modelHash())
            .setSamples(calibration.samples());
    calibration.groups().forEach(g -> body.addGroups(toGroup(g)));
    calibration.seen().ranges().forEach(r -> body.addRanges(toRange(r)));
    return body.build();
  }

  /** Returns a message of some groups without plan and data, their numbers and their order. */
  static CalibrationProto.Body toPart(Calibration calibration, Collection<Integer> used) {
    CalibrationProto.Body whole = toBody(calibration);
    List<CalibrationProto.Group> groups =
        whole.getGroupsList().stream()
            .filter(group -> used.contains(group.getId()))
            .map(group -> group.toBuilder().clearId().build())
            .sorted(
                Comparator.comparing(
                    CalibrationProto.Group::toByteString,
                    ByteString.unsignedLexicographicalComparator()))
            .toList();
    return whole.toBuilder()
        .clearPlanHash()
        .clearRanges()
        .clearGroups()
        .addAllGroups(groups)
        .build();
  }

  /**
   * Returns the calibration of a message; {@link IllegalArgumentException} or {@link
   * ArithmeticException} if it is none; {@code OCT-CAL-001}, {@code OCT-CAL-019} or {@code
   * OCT-CAL-020} where an observer is not known or cannot read its statistics.
   *
   * @param source names the file, for messages
   */
  static Calibration fromBody(CalibrationProto.Body body, Observers observers, String source) {
    List<GroupStatistics> groups =
        body.getGroupsList().stream().map(g -> fromGroup(g, observers, source)).toList();
    return new Calibration(body.getPlanHash(), body.getModelHash(), fromRanges(body), groups);
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

  private static CalibrationProto.Group toGroup(GroupStatistics statistics) {
    ObservedGroup group = statistics.group();
    CalibrationProto.Group.Builder message =
        CalibrationProto.Group.newBuilder()
            .setId(group.id())
            .setSpecText(JsonText.write(SpecTree.toTree(group.spec())));
    for (int i = 0; i < group.values().size(); i++) {
      message.addValues(
          CalibrationProto.Value.newBuilder()
              .setName(group.values().get(i))
              .setElements(statistics.elements().get(i)));
    }
    statistics.channels().forEach(c -> message.addChannels(toChannel(c)));
    return message.build();
  }

  private static GroupStatistics fromGroup(
      CalibrationProto.Group message, Observers observers, String source) {
    String place = source + ", group " + message.getId();
    QuantizationSpec.Observed spec = spec(message, place);
    observers.descriptor(spec.observer());
    observers.rule(spec);
    List<String> names =
        message.getValuesList().stream().map(CalibrationProto.Value::getName).toList();
    return new GroupStatistics(
        new ObservedGroup(message.getId(), names, spec),
        message.getValuesList().stream().map(CalibrationProto.Value::getElements).toList(),
        message.getChannelsList().stream()
            .map(c -> fromChannel(c, spec.observer(), observers, place))
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
