package dev.octet.format.onnx;

import dev.octet.api.error.OctetException;
import dev.octet.api.file.InputFile;
import dev.octet.api.format.TestData;
import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.format.onnx.proto.OnnxMl.TensorProto;
import dev.octet.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads the test data that stands beside an ONNX model: {@code test_data_set_<n>} folders with
 * files {@code input_<k>.pb} and {@code output_<k>.pb}, one tensor each.
 *
 * <p>A tensor belongs to the input or output of its name; when it has no name, or one that the
 * model does not know, to the k-th one.
 */
final class TestDataReader {

  private static final String SET = "test_data_set_";

  private TestDataReader() {}

  /**
   * Reads one set, or all sets in a folder of sets.
   *
   * @param folder a folder with files {@code input_<k>.pb}, or one with folders {@code
   *     test_data_set_<n>}
   * @param model the model whose inputs and outputs they are
   * @throws OctetException of kind INPUT: OCT-ONNX-050 no test data there, OCT-ONNX-053 the folder
   *     cannot be read, OCT-ONNX-051 a file is no tensor, OCT-ONNX-052 a tensor fits no input or
   *     output, or those for tensors that {@link OnnxFormat} lists
   */
  static TestData read(Path folder, Model model) {
    List<Path> sets = List.of(folder);
    if (numbered(folder, "input_", ".pb").isEmpty()) {
      sets = List.copyOf(numbered(folder, SET, "").values());
    }
    List<Map<String, Tensor>> inputs = new ArrayList<>();
    List<Map<String, Tensor>> outputs = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    for (Path set : sets) {
      SortedMap<Integer, Path> given = numbered(set, "input_", ".pb");
      SortedMap<Integer, Path> expected = numbered(set, "output_", ".pb");
      inputs.add(tensors(given, model.graph().inputs()));
      outputs.add(tensors(expected, model.graph().outputs()));
      files.addAll(given.values());
      files.addAll(expected.values());
    }
    if (inputs.stream().allMatch(Map::isEmpty)) {
      throw OnnxErrors.NO_TEST_DATA
          .error("there is no ONNX test data")
          .at(folder.toString())
          .build();
    }
    return new TestData(inputs, outputs, files);
  }

  /** Returns the files of a folder by the number in their names. */
  private static SortedMap<Integer, Path> numbered(Path folder, String before, String after) {
    SortedMap<Integer, Path> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.forEach(
          file ->
              number(file.getFileName().toString(), before, after)
                  .ifPresent(number -> found.put(number, file)));
    } catch (IOException e) {
      throw OnnxErrors.TEST_DATA_UNREADABLE
          .error("the test data cannot be read: " + e)
          .at(folder.toString())
          .cause(e)
          .build();
    }
    return found;
  }

  private static OptionalInt number(String name, String before, String after) {
    if (!name.startsWith(before) || !name.endsWith(after)) {
      return OptionalInt.empty();
    }
    String digits = name.substring(before.length(), name.length() - after.length());
    return digits.matches("[0-9]{1,9}")
        ? OptionalInt.of(Integer.parseInt(digits))
        : OptionalInt.empty();
  }

  private static Map<String, Tensor> tensors(
      SortedMap<Integer, Path> files, List<ValueInfo> values) {
    Map<String, Tensor> byName = new TreeMap<>();
    files.forEach(
        (number, file) -> {
          TensorProto proto = parse(file);
          String name = name(proto.getName(), number, values, file);
          Source source = new Source(file.toString(), Optional.ofNullable(file.getParent()));
          Tensor tensor = new TensorReader(source).read(proto, "'" + name + "'");
          if (byName.put(name, tensor) != null) {
            throw misfit(file, "there are two tensors for '" + name + "'", values);
          }
        });
    Map<String, Tensor> inOrder = new LinkedHashMap<>();
    for (ValueInfo value : values) {
      Tensor tensor = byName.get(value.name());
      if (tensor != null) {
        inOrder.put(value.name(), tensor);
      }
    }
    return inOrder;
  }

  private static String name(String stated, int number, List<ValueInfo> values, Path file) {
    boolean known = values.stream().anyMatch(value -> value.name().equals(stated));
    if (!known && number >= values.size()) {
      throw misfit(file, "the model has no value '" + stated + "' and none of that number", values);
    }
    ValueInfo byNumber = values.get(Math.min(number, values.size() - 1));
    return known ? stated : byNumber.name();
  }

  private static TensorProto parse(Path file) {
    try (InputStream in = InputFile.open(file)) {
      TensorProto proto = TensorProto.parseFrom(in);
      if (DataType.ofOnnxNumber(proto.getDataType()).isPresent()) {
        return proto;
      }
      throw noTensor(file, "it states no element type");
    } catch (InvalidProtocolBufferException e) {
      throw noTensor(file, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw noTensor(file, e.toString());
    }
  }

  private static OctetException noTensor(Path file, String reason) {
    return OnnxErrors.NO_TENSOR
        .error("this is no ONNX tensor: " + reason)
        .at(file.toString())
        .build();
  }

  private static OctetException misfit(Path file, String fact, List<ValueInfo> values) {
    return OnnxErrors.UNKNOWN_TENSOR
        .error(fact)
        .at(file.toString())
        .candidates(values.stream().map(ValueInfo::name).toList())
        .build();
  }
}
