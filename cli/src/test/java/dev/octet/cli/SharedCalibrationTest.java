package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.cli.CommandFixture.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One calibration for several plans of the sample. */
class SharedCalibrationTest {

  private static final Path SAMPLE = Path.of("..", "examples", "sample").toAbsolutePath();
  private static final String MODEL = SAMPLE.resolve("shapes.onnx").toString();

  @TempDir Path folder;
  private CommandFixture octet;

  @BeforeEach
  void writeData() throws IOException {
    octet = new CommandFixture(folder);
    octet.write(
        "d.yaml",
        """
        inputs:
          image:
            file: %s:calibration_images
            steps:
              - transpose: NHWC -> NCHW
              - multiply: 0.00392156862745098
        take: 20
        """
            .formatted(SAMPLE.resolve("shapes.npz")));
  }

  /** A layer, a block, one of two nodes that share parameters, two blocks, and an edited file. */
  @Test
  void servesPlansThatLeaveNodesOutAsCalibrationsForEachOfThemDo() throws IOException {
    plan("all");
    calibrate("all", "all");
    plan("layer", "exclude=node:head/gemm");
    plan("block", "exclude=node:block1/*");
    plan("shared", "exclude=node:head/flatten");
    plan("blocks", "exclude=node:block3/*", "exclude=node:block4/*");
    edit("all", "edited", "\"head/pool\"");
    List<byte[]> models = new ArrayList<>();
    for (String plan : List.of("layer", "block", "shared", "blocks", "edited")) {
      calibrate(plan, plan);
      byte[] own = convert(plan, plan);
      assertArrayEquals(own, convert(plan, "all"), plan);
      assertTrue(models.stream().noneMatch(other -> Arrays.equals(own, other)), plan);
      models.add(own);
      assertTrue(verify(plan, "all").json().get("sameBytes").asBoolean(), plan);
    }
  }

  @Test
  void servesPlansThatSearchTheSameStatisticsOtherwise() throws IOException {
    plan("entropy", "observer=entropy");
    calibrate("entropy", "entropy");
    List<byte[]> models = new ArrayList<>();
    for (String observer : List.of("min-max", "percentile", "squared-error")) {
      plan(observer, "observer=" + observer);
      calibrate(observer, observer);
      byte[] own = convert(observer, observer);
      assertArrayEquals(own, convert(observer, "entropy"), observer);
      assertTrue(models.stream().noneMatch(other -> Arrays.equals(own, other)), observer);
      models.add(own);
    }
  }

  @Test
  void onePassForSeveralPlansServesEachOfThem() throws IOException {
    plan("histogram", "observer=percentile");
    plan("extremes", "exclude=node:head/flatten");
    plan("unfused", "exclude=node:stem/relu");
    Result result = calibrate("together", "histogram", "extremes", "unfused");
    assertEquals(3, result.json().get("plans").asInt());
    for (String plan : List.of("histogram", "extremes", "unfused")) {
      calibrate(plan, plan);
      assertArrayEquals(convert(plan, plan), convert(plan, "together"), plan);
    }
    calibrate("again", "unfused", "extremes", "histogram", "extremes");
    assertArrayEquals(calibration("together"), calibration("again"));
    assertFalse(Arrays.equals(calibration("together"), calibration("histogram")));
  }

  @Test
  void shardsForSeveralPlansMergeToTheBytesOfOnePass() throws IOException {
    plan("all");
    plan("some", "exclude=node:head/flatten", "observer=entropy");
    calibrate("whole", "all", "some");
    for (int shard : new int[] {1, 2}) {
      succeed(
          Stream.concat(
              calibration("part" + shard, "some", "all"), Stream.of("--shard", shard + "/2")));
    }
    succeed(Stream.of("merge", "@part2.calib", "@part1.calib", "-o", "@merged.calib"));
    assertArrayEquals(calibration("whole"), calibration("merged"));
  }

  @Test
  void aPlanThatIsNotCoveredIsRefusedWithTheGroupAndWhatToDo() {
    plan("all");
    calibrate("all", "all");
    plan("unfused", "exclude=node:stem/relu");
    Result result = octet.run(conversion("unfused", "all").toArray(String[]::new));
    assertEquals(3, result.exitCode(), result.err());
    assertEquals("OCT-CONV-006", result.errorId());
    assertTrue(
        result
            .err()
            .contains(
                "does not cover 1 group of the plan: group 'stem/bn/output': it has not observed"
                    + " 'stem/bn/output'"),
        result.err());
    assertTrue(result.err().contains("octet calibrate MODEL --plan PLAN"), result.err());
    plan("search", "observer=entropy");
    Result search = octet.run(conversion("search", "all").toArray(String[]::new));
    assertEquals("OCT-CONV-006", search.errorId());
    assertTrue(
        search
            .err()
            .contains(
                "group 'image': it has observed 'image' by min-max, and needed is in a"
                    + " histogram"),
        search.err());
    assertTrue(search.err().contains("; and "), search.err());
  }

  @Test
  void verifyNamesACalibrationThatDoesNotCoverThePlan() {
    plan("unfused", "exclude=node:stem/relu");
    calibrate("unfused", "unfused");
    convert("unfused", "unfused");
    plan("all");
    calibrate("all", "all");
    Result result = verify("unfused", "all");
    assertEquals(1, result.exitCode(), result.err());
    assertTrue(result.out().contains("does not cover the plan: it has not observed"), result.out());
  }

  @Test
  void plansOfSeveralBackendsAreRefused() {
    plan("all");
    succeed(Stream.of("plan", MODEL, "--backend", "xnnpack", "-o", "@other.json"));
    Result result = octet.run(calibration("both", "all", "other").toArray(String[]::new));
    assertEquals(2, result.exitCode(), result.err());
    assertEquals("OCT-CAL-030", result.errorId());
    assertTrue(result.err().contains("different backends: cpu and xnnpack"), result.err());
  }

  private void plan(String name, String... options) {
    succeed(
        Stream.concat(
            Stream.of("plan", MODEL, "--backend", "cpu", "-o", "@" + name + ".json"),
            Stream.of(options).flatMap(option -> Stream.of("--option", option))));
  }

  /** Sets a node to float in the file of a plan. */
  private void edit(String from, String to, String node) throws IOException {
    String text = Files.readString(octet.file(from + ".json"));
    int at = text.indexOf("\"name\": " + node);
    String edited =
        text.substring(0, at)
            + text.substring(at).replaceFirst("\"quantized\": true", "\"quantized\": false");
    assertNotEquals(text, edited);
    octet.write(to + ".json", edited);
  }

  private static Stream<String> calibration(String name, String... plans) {
    Stream<String> named =
        Stream.of(plans).flatMap(plan -> Stream.of("--plan", "@" + plan + ".json"));
    return Stream.of(
            Stream.of("calibrate", MODEL, "--json"),
            named,
            Stream.of("--data", "@d.yaml", "-o", "@" + name + ".calib"))
        .flatMap(words -> words);
  }

  private Result calibrate(String name, String... plans) {
    return succeed(calibration(name, plans));
  }

  private byte[] calibration(String name) throws IOException {
    return Files.readAllBytes(octet.file(name + ".calib"));
  }

  private static Stream<String> conversion(String plan, String calibration) {
    return Stream.of(
        "convert",
        MODEL,
        "--plan",
        "@" + plan + ".json",
        "--calibration",
        "@" + calibration + ".calib",
        "-o",
        "@" + plan + ".onnx",
        "--json");
  }

  private byte[] convert(String plan, String calibration) {
    succeed(conversion(plan, calibration));
    try {
      return Files.readAllBytes(octet.file(plan + ".onnx"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Result verify(String plan, String calibration) {
    return octet.run(
        "verify",
        "@" + plan + ".onnx",
        "--model",
        MODEL,
        "--plan",
        "@" + plan + ".json",
        "--calibration",
        "@" + calibration + ".calib",
        "--json");
  }

  private Result succeed(Stream<String> words) {
    Result result = octet.run(words.toArray(String[]::new));
    assertEquals(0, result.exitCode(), result.err());
    return result;
  }
}
