package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Tensor;
import dev.octet.api.tree.Tree;
import dev.octet.format.onnx.OnnxFormat;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From folders of photos of many sizes to an int8 model and its accuracy. */
class PhotosTest {

  private static final int EACH = 4;

  private static final String STEPS =
      """
          steps:
            - resize: 9
            - center-crop: 8
            - transpose: NHWC -> NCHW
            - multiply: 0.00392156862745098
      """;

  @TempDir Path folder;

  private CommandFixture octet;

  @BeforeEach
  void writePhotos() throws IOException {
    octet = new CommandFixture(folder);
    new OnnxFormat().write(model(), octet.file("m.onnx"));
    photos("train", Map.of("blue", Color.BLUE, "green", Color.GREEN, "red", Color.RED));
    photos("val", Map.of("blue", Color.BLUE, "red", Color.RED));
    octet.write("train.yaml", "inputs:\n  photo:\n    file: train\n" + STEPS + "take: 7\n");
    octet.write("val.yaml", "inputs:\n  photo:\n    file: val\n" + STEPS);
  }

  /** Returns a model whose classes are the mean levels of blue, green and red. */
  private static Model model() {
    float[] weight = new float[9];
    weight[2] = 1;
    weight[4] = 1;
    weight[6] = 1;
    return CommandFixture.model(
        List.of(
            Node.of("mean", OpType.onnx("GlobalAveragePool"), List.of("photo"), List.of("m")),
            Node.of("flat", OpType.onnx("Flatten"), List.of("m"), List.of("f")),
            Node.of("head", OpType.onnx("Gemm"), List.of("f", "w"), List.of("scores"))),
        Map.of("w", Tensor.of(weight, 3, 3)),
        13,
        CommandFixture.value("photo", "N", 3, 8, 8),
        CommandFixture.value("scores", "N", 3));
  }

  private void photos(String set, Map<String, Color> classes) throws IOException {
    for (Map.Entry<String, Color> entry : classes.entrySet()) {
      Path target = Files.createDirectories(folder.resolve(set).resolve(entry.getKey()));
      for (int i = 0; i < EACH; i++) {
        BufferedImage photo = new BufferedImage(20 + 7 * i, 31 - 5 * i, BufferedImage.TYPE_INT_RGB);
        Graphics2D paint = photo.createGraphics();
        paint.setColor(entry.getValue());
        paint.fillRect(0, 0, photo.getWidth(), photo.getHeight());
        paint.setColor(Color.GRAY);
        paint.fillRect(i, i, 8, 5);
        paint.dispose();
        String format = i % 2 == 0 ? "png" : "jpg";
        ImageIO.write(photo, format, target.resolve(i + "." + format).toFile());
      }
    }
  }

  @Test
  void twoCommandsTellTheAccuracyThoughAClassIsMissingInValidation() {
    CommandFixture.Result quantized =
        octet.run(
            "quantize",
            "@m.onnx",
            "--backend",
            "cpu",
            "--data",
            "@train.yaml",
            "-o",
            "@q.onnx",
            "--json");
    assertEquals(0, quantized.exitCode(), quantized.err());
    assertEquals(List.of("blue", "green", "red"), classes(quantized));
    CommandFixture.Result evaluated =
        octet.run("evaluate", "@q.onnx", "--reference", "@m.onnx", "--data", "@val.yaml", "--json");
    assertEquals(0, evaluated.exitCode(), evaluated.err());
    assertEquals(2 * EACH, evaluated.json().get("samples").asInt());
    assertEquals(1, evaluated.json().get("top1").asNumber().doubleValue());
    assertEquals(List.of("blue", "green", "red"), classes(evaluated));
    String text = octet.run("evaluate", "@q.onnx", "--data", "@val.yaml").out();
    assertTrue(text.contains("classes 0 blue, 1 green, 2 red"), text);
  }

  @Test
  void aModelThatNamesNoClassesHasNoWrongAccuracy() throws IOException {
    CommandFixture.Result unknown =
        octet.run("evaluate", "@m.onnx", "--data", "@val.yaml", "--json");
    assertEquals(0, unknown.exitCode(), unknown.err());
    assertFalse(unknown.json().find("top1").isPresent(), unknown.out());
    assertTrue(unknown.out().contains("OCT-DATA-101"), unknown.out());
    octet.write(
        "named.yaml", Files.readString(octet.file("val.yaml")) + "classes: [blue, green, red]\n");
    CommandFixture.Result named =
        octet.run("evaluate", "@m.onnx", "--data", "@named.yaml", "--json");
    assertEquals(1, named.json().get("top1").asNumber().doubleValue());
  }

  @Test
  void aFolderOfPhotosAloneGetsADescriptionToBeginWith() {
    CommandFixture.Result refused = octet.run("evaluate", "@m.onnx", "--data", "@train");
    assertEquals(3, refused.exitCode());
    assertTrue(refused.err().contains("file: train/\n"), refused.err());
    assertTrue(refused.err().contains("- center-crop: 8\n"), refused.err());
  }

  /** The steps with files in between state the same names as all of them in one. */
  @Test
  void namesOfClassesTravelInCalibrationsAndAreVerified() throws IOException {
    done("quantize @m.onnx --backend cpu --data @train.yaml -o @q.onnx");
    done("plan @m.onnx --backend cpu -o @plan.json");
    for (int part = 1; part <= 2; part++) {
      done(
          "calibrate @m.onnx --plan @plan.json --data @train.yaml --shard %1$d/2 -o @%1$d.calib"
              .formatted(part));
    }
    done("merge @1.calib @2.calib -o @x.calib");
    assertEquals(List.of("blue", "green", "red"), classes(done("inspect @x.calib --json")));
    done("convert @m.onnx --plan @plan.json --calibration @x.calib -o @c.onnx");
    assertEquals(-1, Files.mismatch(octet.file("q.onnx"), octet.file("c.onnx")));
    assertEquals(List.of("blue", "green", "red"), classes(done("inspect @c.onnx --json")));
    String people = done("inspect @x.calib").out();
    assertTrue(people.contains("classes 0 blue, 1 green, 2 red"), people);
    String verify = "verify @q.onnx --model @m.onnx --plan @plan.json";
    for (String from :
        List.of(
            "--calibration @x.calib",
            "--data @train.yaml",
            "--calibration @x.calib --data @train.yaml")) {
      assertTrue(done(verify + " " + from + " --json").json().get("sameBytes").asBoolean());
    }
  }

  @Test
  void namesOfClassesAreVerifiedWhereNothingIsCalibrated() {
    done("plan @m.onnx --backend x86 --option mode=dynamic -o @plan.json");
    done("quantize @m.onnx --backend x86 --option mode=dynamic --data @train.yaml -o @q.onnx");
    assertEquals(List.of("blue", "green", "red"), classes(done("inspect @q.onnx --json")));
    String verify = "verify @q.onnx --model @m.onnx --plan @plan.json --json";
    assertTrue(done(verify).json().get("sameBytes").asBoolean());
    assertTrue(done(verify + " --data @train.yaml").json().get("sameBytes").asBoolean());
  }

  private CommandFixture.Result done(String line) {
    CommandFixture.Result result = octet.run(line.split(" "));
    assertEquals(0, result.exitCode(), line + ": " + result.err());
    return result;
  }

  private static List<String> classes(CommandFixture.Result result) {
    return result.json().get("classes").asItems().stream().map(Tree::asText).toList();
  }
}
