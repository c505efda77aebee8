package dev.octet.workflow.source;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.tree.Tree;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What torchao computed, as a folder of the golden results holds it: cases, and pools of numbers.
 */
final class TorchaoCases {

  private static final int PREFIX = 10;

  private final Path folder;
  private final Map<String, float[]> pools = new HashMap<>();

  private TorchaoCases(Path folder) {
    this.folder = folder;
  }

  /**
   * One case.
   *
   * @param id its name
   * @param function what was called
   * @param defect what is wrong in what torchao gives; empty when nothing is
   * @param tree all that the case says
   */
  record Case(String id, String function, String defect, Tree.Mapping tree, TorchaoCases pool) {

    boolean was(String simpleName) {
      return function.endsWith("." + simpleName);
    }

    String word(String argument, String otherwise) {
      return find(argument).map(Tree::asText).orElse(otherwise);
    }

    int number(String argument) {
      return args().get(argument).asInt();
    }

    boolean isSet(String argument) {
      return find(argument).map(Tree::asBoolean).orElse(false);
    }

    Tree.Mapping args() {
      return tree.get("args").asMapping();
    }

    private Optional<Tree> find(String argument) {
      return Optional.ofNullable(args().entries().get(argument));
    }

    Numbers input(String name) {
      return pool.numbers(tree.get("inputs").asMapping().get(name));
    }

    Optional<Numbers> optionalInput(String name) {
      Tree given = tree.get("inputs").asMapping().entries().get(name);
      return given == null || !given.isMapping()
          ? Optional.empty()
          : Optional.of(pool.numbers(given));
    }

    List<Numbers> activations() {
      Tree given = tree.get("inputs").asMapping().entries().get("activations");
      return given == null ? List.of() : given.asItems().stream().map(pool::numbers).toList();
    }

    boolean expects(String name) {
      return expected().entries().containsKey(name);
    }

    Tree.Mapping expected() {
      return tree.get("expected").asMapping();
    }

    Numbers expected(String name) {
      return pool.numbers(expected().get(name));
    }

    List<Tree.Mapping> forward() {
      return expects("forward")
          ? expected().get("forward").asItems().stream().map(Tree::asMapping).toList()
          : List.of();
    }

    Numbers of(Tree tensor) {
      return pool.numbers(tensor);
    }

    @Override
    public String toString() {
      return id;
    }
  }

  /** The elements of a tensor, every one exact in float32, and its sizes. */
  @SuppressWarnings("ArrayRecordComponent") // Internal: never compared as a record.
  record Numbers(float[] elements, long[] sizes) {}

  static List<Case> of(String group) {
    return in("source/" + group);
  }

  /** Returns the cases of a folder of torchao's results. */
  static List<Case> in(String path) {
    String goldens = System.getProperty("octet.goldens", "");
    Path folder = Path.of(goldens).resolve("torchao").resolve(path);
    assumeTrue(
        !goldens.isEmpty() && Files.exists(folder),
        "the golden results are absent: set the system property octet.goldens");
    TorchaoCases pool = new TorchaoCases(folder);
    List<Case> cases = new ArrayList<>();
    Tree.Mapping all = JsonText.read(folder.resolve("cases.json")).asMapping();
    for (Tree item : all.get("cases").asItems()) {
      Tree.Mapping one = item.asMapping();
      Tree defect = one.entries().get("upstream_defect");
      cases.add(
          new Case(
              one.get("id").asText(),
              one.get("function").asText(),
              defect == null ? "" : defect.asText(),
              one,
              pool));
    }
    return cases;
  }

  private Numbers numbers(Tree tree) {
    Tree.Mapping tensor = tree.asMapping();
    long[] sizes = tensor.get("shape").asItems().stream().mapToLong(Tree::asLong).toArray();
    int count = 1;
    for (long size : sizes) {
      count *= (int) size;
    }
    float[] elements = new float[count];
    if (tensor.entries().containsKey("bits")) {
      List<Tree> bits = tensor.get("bits").asItems();
      for (int i = 0; i < count; i++) {
        elements[i] = Float.intBitsToFloat(Integer.parseUnsignedInt(hex(bits.get(i)), 16));
      }
    } else if (tensor.entries().containsKey("values")) {
      List<Tree> values = tensor.get("values").asItems();
      for (int i = 0; i < count; i++) {
        elements[i] = values.get(i).asNumber().floatValue();
      }
    } else {
      float[] pool = pools.computeIfAbsent(tensor.get("file").asText(), this::read);
      System.arraycopy(pool, tensor.get("offset").asInt(), elements, 0, count);
    }
    return new Numbers(elements, sizes);
  }

  private static float[] integers(String words, ByteBuffer body) {
    boolean wide = words.contains("'<i4'");
    boolean unsigned = words.contains("'|u1'");
    if (!wide && !unsigned && !words.contains("'|i1'")) {
      throw new AssertionError(words);
    }
    float[] floats = new float[wide ? body.remaining() / Integer.BYTES : body.remaining()];
    for (int i = 0; i < floats.length; i++) {
      int narrow = wide ? body.getInt(i * Integer.BYTES) : body.get(i);
      floats[i] = unsigned ? narrow & 0xFF : narrow;
    }
    return floats;
  }

  private static String hex(Tree bits) {
    return bits.asText().substring(2);
  }

  private float[] read(String file) {
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap(Files.readAllBytes(folder.resolve(file))).order(ByteOrder.LITTLE_ENDIAN);
      int header = bytes.getShort(PREFIX - 2);
      String words = new String(bytes.array(), PREFIX, header, StandardCharsets.ISO_8859_1);
      bytes.position(PREFIX + header);
      ByteBuffer body = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
      if (words.contains("'<f4'")) {
        float[] floats = new float[body.remaining() / Float.BYTES];
        body.asFloatBuffer().get(floats);
        return floats;
      }
      return integers(words, body);
    } catch (IOException e) {
      throw new AssertionError(file, e);
    }
  }
}
