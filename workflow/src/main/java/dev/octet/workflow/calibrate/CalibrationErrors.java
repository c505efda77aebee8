package dev.octet.workflow.calibrate;

import dev.octet.api.error.ErrorId;
import dev.octet.api.error.OctetException;
import dev.octet.api.quantizer.FindingId;
import dev.octet.workflow.provenance.OctetBuild;
import java.util.Set;

/** Errors and findings of observers, calibration and its files. */
final class CalibrationErrors {

  static final ErrorId UNKNOWN_OBSERVER =
      ErrorId.quantization(
          "OCT-CAL-001",
          "A spec names an observer that is not known.",
          "Name one of these observers in the spec, or use the backend that brings it.");

  static final ErrorId UNKNOWN_PARAMETER =
      ErrorId.quantization(
          "OCT-CAL-002",
          "A spec gives its observer or derivation a parameter that it does not have.",
          "Use a parameter that it has, or remove it.");

  static final ErrorId NOT_REACHED =
      ErrorId.quantization(
          "OCT-CAL-003",
          "No sample made the model compute any of the values that are observed.",
          "Calibrate with samples that make the model compute these values, or exclude their nodes"
              + " from quantization.");

  static final ErrorId NOTHING_FINITE =
      ErrorId.quantization(
          "OCT-CAL-004",
          "A value that is observed was never finite.",
          "Check the data and the model for operations that overflow, or exclude the node from"
              + " quantization.");

  static final ErrorId NOT_OBSERVABLE =
      ErrorId.quantization(
          "OCT-CAL-006",
          "A value that is to be observed is no float value of the model.",
          "Observe float inputs, constants and results of nodes.");

  static final ErrorId NOT_MERGEABLE =
      ErrorId.usage(
          "OCT-CAL-007",
          "Calibrations of different models or of different tensors are merged.",
          "Merge only calibrations of one model that were made for the same plans.");

  static final ErrorId DAMAGED =
      ErrorId.input(
          "OCT-CAL-008",
          "A calibration file is truncated or changed.",
          "Make the file again with 'octet calibrate'.");

  static final ErrorId NO_CALIBRATION =
      ErrorId.input(
          "OCT-CAL-009",
          "A file is no calibration.",
          "Name a file that 'octet calibrate' or 'octet merge' wrote.");

  static final ErrorId INTERRUPTED =
      ErrorId.usage(
          "OCT-CAL-010",
          "The calibration was interrupted.",
          "Calibrate again; nothing was written.");

  static final FindingId ODD_VALUES =
      FindingId.warning(
          "OCT-CAL-012",
          "Values that were observed include NaN or infinities.",
          "Look at the data and the model.");

  static final FindingId ONE_SAMPLE =
      FindingId.warning(
          "OCT-CAL-101",
          "A calibration saw one sample.",
          "Calibrate on samples such as the model will meet, a hundred or more.");

  static final FindingId UNREACHED =
      FindingId.warning(
          "OCT-CAL-103",
          "No sample made the model compute some of the values that are observed.",
          "Calibrate with samples that do, unless nodes that quantize these values may stay"
              + " float.");

  static final FindingId ZEROS =
      FindingId.warning(
          "OCT-CAL-102",
          "Tensors were zero everywhere while they were calibrated.",
          "Look at the data, and at its steps; every number but 0 is clipped in these tensors.");

  static final ErrorId UNWRITABLE =
      ErrorId.input(
          "OCT-CAL-013",
          "The calibration cannot be written.",
          "Choose a place that exists and can be written to.");

  static final ErrorId TOO_MANY =
      ErrorId.input(
          "OCT-CAL-032",
          "Calibrations that are merged count more than 2^63 - 1 samples or values.",
          "Calibrate again: no data has so many, so one of the files does not say what was seen.");

  static final ErrorId NOTHING_TO_MERGE =
      ErrorId.usage(
          "OCT-CAL-015",
          "There is no calibration to merge.",
          "Name at least one calibration file.");

  static final ErrorId OTHER_MODEL =
      ErrorId.usage(
          "OCT-CAL-016",
          "The calibration was made for another model.",
          "Calibrate again with this model.");

  static final ErrorId OBSERVER_FAILED =
      ErrorId.backend(
          "OCT-CAL-017",
          "The observer of a backend fails or contradicts itself.",
          "Correct the observer, or report it to whoever wrote it; --verbose prints where it"
              + " failed.");

  static final ErrorId OTHER_RUNTIME =
      ErrorId.usage(
          "OCT-CAL-031",
          "Calibrations of different runtimes are to be merged.",
          "Calibrate all parts with the same --runtime, in the same version and with the same"
              + " options.");

  static final ErrorId ORDERED =
      ErrorId.usage(
          "OCT-CAL-018",
          "A calibration depends on the order of its samples and cannot be merged.",
          "Calibrate on all of the samples in one run.");

  static final ErrorId STATE_UNREADABLE =
      ErrorId.input(
          "OCT-CAL-019",
          "An observer cannot read the statistics of a calibration file.",
          "Use the version of the backend that calibrated, or calibrate again.");

  static final ErrorId OBSERVER_TWICE =
      ErrorId.backend(
          "OCT-CAL-020",
          "Two observers have the same name.",
          "Rename the observer of the backend.");

  static final ErrorId UNFIT_PARAMETER =
      ErrorId.quantization(
          "OCT-CAL-024",
          "A parameter of an observer or a derivation has a value that it does not take.",
          "Give a value that it takes.");

  static final ErrorId OTHER_CHANNELS =
      ErrorId.quantization(
          "OCT-CAL-022",
          "Values of one group have different numbers of channels.",
          "Share per-channel parameters only among values with the same number of channels.");

  static final ErrorId OTHER_VERSION =
      ErrorId.input(
          "OCT-CAL-023",
          "A calibration file has a version that this release does not read.",
          "Read it with the version of Octet that wrote it.");

  static final ErrorId BEFORE =
      ErrorId.input(
          "OCT-CAL-029",
          "A calibration file was written before " + OctetBuild.FILES_SINCE + ".",
          "Calibrate again with this release.");

  static final ErrorId SEEN_TWICE =
      ErrorId.usage(
          "OCT-CAL-021",
          "Two calibrations that are merged saw the same samples.",
          "Name every part of the data once; 'octet calibrate --shard i/n' makes such parts.");

  static final ErrorId UNKNOWN_GRID =
      ErrorId.quantization(
          "OCT-CAL-025",
          "A scheme names a scale grid that is not known.",
          "Name one of these grids in the scheme, or use the backend that brings it.");

  static final ErrorId GRID_TWICE =
      ErrorId.backend(
          "OCT-CAL-026", "Two scale grids have the same name.", "Rename the grid of the backend.");

  static final ErrorId UNKNOWN_DERIVATION =
      ErrorId.quantization(
          "OCT-CAL-027",
          "A derived spec names a derivation that is not known.",
          "Name one of these derivations in the spec, or use the backend that brings it.");

  static final ErrorId DERIVATION_TWICE =
      ErrorId.backend(
          "OCT-CAL-028",
          "Two derivations have the same name.",
          "Rename the derivation of the backend.");

  private CalibrationErrors() {}

  /**
   * Says that a parameter has a value that is not taken.
   *
   * @param who whose parameter, with its name
   * @param why its message says which values are taken
   */
  static OctetException unfitParameter(
      String who, String parameter, String value, IllegalArgumentException why) {
    return UNFIT_PARAMETER
        .error(who + " cannot have " + parameter + " = '" + value + "'")
        .cause(why)
        .next("Give " + (why.getMessage() == null ? "another value" : why.getMessage()) + ".");
  }

  /** Says that a value has another number of channels than what its group saw before. */
  static OctetException notObservable(String value, String why, Set<String> candidates) {
    return NOT_OBSERVABLE
        .error("Value '" + value + "' cannot be observed: it " + why)
        .candidates(candidates)
        .build();
  }

  static OctetException otherChannels(String value, int found, int before) {
    return OTHER_CHANNELS
        .error(
            "Value '%s' has %s channels, where %s were seen before in its group"
                .formatted(value, found, before))
        .build();
  }
}
