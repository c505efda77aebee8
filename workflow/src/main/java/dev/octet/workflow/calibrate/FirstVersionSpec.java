package dev.octet.workflow.calibrate;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.calibrate.proto.CalibrationProto;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The specs of calibration files of version 1, in the words of plans. */
final class FirstVersionSpec {

  private FirstVersionSpec() {}

  static Tree tree(CalibrationProto.Spec message) {
    Map<String, Tree> profile = new LinkedHashMap<>();
    profile.put("division", word(message.getDivision()));
    profile.put("zeroPoint", word(message.getZeroPointOrder()));
    profile.put("scaleFloor", Tree.of(message.getScaleFloor()));
    Map<String, Tree> parameters = new LinkedHashMap<>();
    message.getParametersList().forEach(p -> parameters.put(p.getName(), Tree.of(p.getValue())));
    Map<String, Tree> observer = new LinkedHashMap<>();
    observer.put("name", Tree.of(message.getObserver()));
    observer.put("parameters", Tree.of(parameters));
    Map<String, Tree> spec = new LinkedHashMap<>();
    spec.put("kind", Tree.of("observed"));
    spec.put("type", word(message.getStorage()));
    spec.put("min", Tree.of(message.getMin()));
    spec.put("max", Tree.of(message.getMax()));
    spec.put("scheme", word(message.getSymmetry()));
    spec.put("profile", Tree.of(profile));
    spec.put("granularity", Tree.of(message.hasChannelAxis() ? "per-channel" : "per-tensor"));
    if (message.hasChannelAxis()) {
      spec.put("axis", Tree.of(message.getChannelAxis()));
    }
    spec.put("observer", Tree.of(observer));
    spec.put("mode", Tree.of("static"));
    return Tree.of(spec);
  }

  private static Tree word(String constant) {
    return Tree.of(constant.toLowerCase(Locale.ROOT).replace('_', '-'));
  }
}
