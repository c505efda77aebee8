package dev.octet.workflow.calibrate;

import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.Mode;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.calibrate.proto.CalibrationProto;
import dev.octet.workflow.data.SampleRange;
import dev.octet.workflow.text.JsonText;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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
        CalibrationProto.Group.newBuilder().setId(group.id()).setSpec(toSpec(group.spec()));
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
    QuantizationSpec.Observed spec = fromSpec(message.getSpec());
    String place = source + ", group " + message.getId();
    observers.descriptor(spec.observer());
    List<String> names =
        message.getValuesList().stream().map(CalibrationProto.Value::getName).toList();
    return new GroupStatistics(
        new ObservedGroup(message.getId(), names, spec),
        message.getValuesList().stream().map(CalibrationProto.Value::getElements).toList(),
        message.getChannelsList().stream()
            .map(c -> fromChannel(c, spec.observer(), observers, place))
            .toList());
  }

  private static CalibrationProto.Spec toSpec(QuantizationSpec.Observed spec) {
    NumericProfile profile = spec.scheme().profile();
    CalibrationProto.Spec.Builder message =
        CalibrationProto.Spec.newBuilder()
            .setStorage(spec.type().storage().name())
            .setMin(spec.type().min())
            .setMax(spec.type().max())
            .setSymmetry(spec.scheme().symmetry().name())
            .setDivision(profile.division().name())
            .setZeroPointOrder(profile.zeroPointOrder().name())
            .setScaleFloor(profile.scaleFloor())
            .setObserver(spec.observer().name());
    spec.granularity()
        .match(
            new Granularity.Cases<>(
                whole -> message,
                channel -> message.setChannelAxis(channel.axis()),
                runs -> unobserved(runs),
                block -> unobserved(block),
                token -> unobserved(token)));
    spec.observer()
        .parameters()
        .forEach(
            (name, value) ->
                message.addParameters(
                    CalibrationProto.Parameter.newBuilder().setName(name).setValue(value)));
    return message.build();
  }

  private static CalibrationProto.Spec.Builder unobserved(Granularity granularity) {
    throw new IllegalStateException(granularity + " was refused before the first sample");
  }

  private static QuantizationSpec.Observed fromSpec(CalibrationProto.Spec message) {
    SortedMap<String, String> parameters = new TreeMap<>();
    message.getParametersList().forEach(p -> parameters.put(p.getName(), p.getValue()));
    NumericProfile profile =
        new NumericProfile(
            NumericProfile.Division.valueOf(message.getDivision()),
            NumericProfile.ZeroPointOrder.valueOf(message.getZeroPointOrder()),
            message.getScaleFloor());
    Granularity granularity =
        message.hasChannelAxis()
            ? new Granularity.PerChannel(message.getChannelAxis())
            : new Granularity.PerTensor();
    return new QuantizationSpec.Observed(
        new QuantizedType(
            Storage.valueOf(message.getStorage()), message.getMin(), message.getMax()),
        new Scheme(Scheme.Symmetry.valueOf(message.getSymmetry()), profile),
        granularity,
        new ObserverSpec(message.getObserver(), parameters),
        Mode.STATIC);
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
    if (own && message.hasBins()) {
      return fromBins(message);
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
