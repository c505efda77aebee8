package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.graph.Tensor;
import dev.octet.cli.CommandFixture.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged and malicious files end as errors with an id, soon and in little memory. */
class HostileInputTest {

  private static final String CASES = System.getProperty("octet.cases", "");

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeData() throws IOException {
    assumeTrue(!CASES.isEmpty(), "the cases are absent: set the system property octet.cases");
    octet = new CommandFixture(folder);
    octet.npy("row.npy", Tensor.of(new float[] {1, 2, 3, 4}, 1, 4));
    octet.npy("list.npy", Tensor.of(new float[] {1, 2, 3, 4}, 4));
    octet.write("row.yaml", "inputs: {x: {file: row.npy}}\n");
    octet.write("list.yaml", "inputs: {x: {file: list.npy}}\n");
  }

  private static String input(String name) {
    return Path.of(CASES, "input", name).toString();
  }

  @ParameterizedTest
  @CsvSource({
    "cos_huge, row, OCT-GRAPH-007, more than 2^31 - 1 elements",
    "range_huge, row, OCT-GRAPH-007, more than 2^31 - 1 elements",
    "v_add_mixed, row, OCT-GRAPH-005, should be of one type",
    "v_bn_short, row, OCT-GRAPH-002, sizes 2 and 4 should be equal",
    "v_d2s_rank2, row, OCT-GRAPH-002, 'operand 0 has the shape [1, 4]'",
    "v_gemm_c, row, OCT-GRAPH-002, and [3] to be added",
    "v_maxpool_rank1, list, OCT-GRAPH-002, operand 0 has the shape [4]",
    "v_softmax_axis, row, OCT-GRAPH-002, axis 16 lies outside rank 2"
  })
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aModelThatNoRunCouldComputeIsRefused(String name, String data, String id, String fact) {
    String model = input(name + ".onnx");
    String samples = "@" + data + ".yaml";
    for (List<String> words :
        List.of(
            List.of("plan", model, "--backend", "cpu", "-o", "@p.json"),
            List.of("plan", model, "--backend", "onnxruntime", "-o", "@p.json"),
            List.of("quantize", model, "--backend", "cpu", "--data", samples, "-o", "@q.onnx"),
            List.of("run", model, "--data", samples, "-o", "@out"))) {
      Result result = octet.run(words.toArray(String[]::new));
      assertEquals(3, result.exitCode(), () -> words + ": " + result.err());
      assertTrue(result.err().startsWith("octet: " + id + ": "), () -> words + ": " + result.err());
      assertTrue(result.err().contains(fact), () -> words + ": " + result.err());
      assertTrue(result.err().contains("node '"), () -> words + ": " + result.err());
    }
  }
}
