package dev.octet.workflow.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octet.annotation.tree.SpecTree;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.NumericProfile;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizationSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Scheme;
import dev.octet.api.spec.Storage;
import dev.octet.workflow.calibrate.proto.CalibrationProto;
import org.junit.jupiter.api.Test;

class FirstVersionSpecTest {

  @Test
  void saysEveryDetailInTheWordsOfPlans() {
    CalibrationProto.Spec message =
        CalibrationProto.Spec.newBuilder()
            .setStorage("UINT16")
            .setMin(3)
            .setMax(60_000)
            .setSymmetry("SYMMETRIC")
            .setDivision("MULTIPLY_BY_RECIPROCAL")
            .setZeroPointOrder("BEFORE_ROUNDING")
            .setScaleFloor(0x1p-12f)
            .setChannelAxis(1)
            .setObserver("percentile")
            .addParameters(
                CalibrationProto.Parameter.newBuilder().setName("percent").setValue("99.5"))
            .build();
    assertEquals(
        QuantizationSpec.Observed.of(new QuantizedType(Storage.UINT16, 3, 60_000))
            .withScheme(
                Scheme.symmetric()
                    .withProfile(
                        NumericProfile.onnx()
                            .withDivision(NumericProfile.Division.MULTIPLY_BY_RECIPROCAL)
                            .withZeroPointOrder(NumericProfile.ZeroPointOrder.BEFORE_ROUNDING)
                            .withScaleFloor(0x1p-12f)))
            .withGranularity(new Granularity.PerChannel(1))
            .withObserver(ObserverSpec.percentile(99.5)),
        SpecTree.fromTree(FirstVersionSpec.tree(message)));
  }
}
