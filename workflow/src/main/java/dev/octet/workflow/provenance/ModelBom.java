package dev.octet.workflow.provenance;

import dev.octet.api.graph.Model;
import dev.octet.api.graph.Provenance;
import dev.octet.api.tree.Tree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a quantized model is made of, as a bill of materials of CycloneDX 1.6 (ECMA-424): the model
 * with the hash of its file, the float model as its ancestor, the data by its content hash, and as
 * tools this build of Octet and the backend. All but the file's hash and the names is what the
 * model's metadata says ({@link Claims}). It has no serial number and no time, so that the same
 * file gives the same bytes.
 *
 * @see <a href="https://cyclonedx.org/docs/1.6/json/">The format</a>
 */
public final class ModelBom {

  private static final String SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json";
  private static final String MODEL = "machine-learning-model";

  /** What stands nowhere else in the document. */
  private static final List<Claim> PROPERTIES =
      List.of(
          Claim.MODEL_CONTENT,
          Claim.CALIBRATION,
          Claim.RUNTIME,
          Claim.RUNTIME_VERSION,
          Claim.RUNTIME_OPTIONS,
          Claim.SAMPLES,
          Claim.SOURCE);

  private final Path quantized;
  private final Path floatModel;
  private final Claims claims;
  private final Optional<Provenance> plan;

  private ModelBom(Path quantized, Model model, Path floatModel) {
    this.quantized = quantized;
    this.floatModel = floatModel;
    this.claims = Claims.of(model);
    this.plan = Provenance.of(model);
  }

  /**
   * Returns the document as a tree; {@link dev.octet.workflow.text.JsonText#toBytes} writes it.
   *
   * @param quantized the file of the quantized model, which is read for its hash
   * @param model what the file holds, with its metadata
   * @param floatModel the file of the float model, of which the name is taken
   * @throws dev.octet.api.error.OctetException {@code OCT-FILE-001} or {@code OCT-FILE-002} if the
   *     quantized file cannot be read
   */
  public static Tree.Mapping of(Path quantized, Model model, Path floatModel) {
    return new ModelBom(quantized, model, floatModel).document();
  }

  private Tree.Mapping document() {
    Map<String, Tree> metadata = new LinkedHashMap<>();
    metadata.put("tools", Tree.of(Map.of("components", Tree.of(tools()))));
    metadata.put("component", model());
    Map<String, Tree> root = new LinkedHashMap<>();
    root.put("$schema", Tree.of(SCHEMA));
    root.put("bomFormat", Tree.of("CycloneDX"));
    root.put("specVersion", Tree.of("1.6"));
    root.put("version", Tree.of(1));
    root.put("metadata", Tree.of(metadata));
    root.put("components", Tree.of(dataHashes().stream().map(ModelBom::data).toList()));
    return Tree.of(root);
  }

  private Tree model() {
    Map<String, Tree> fields = component(MODEL, name(quantized));
    fields.put("bom-ref", Tree.of("quantized-model"));
    fields.put("hashes", sha256(FloatFile.sha256(quantized)));
    fields.put("pedigree", Tree.of(Map.of("ancestors", Tree.of(List.of(ancestor())))));
    List<Tree> sets =
        dataHashes().stream().<Tree>map(h -> Tree.of(Map.of("ref", Tree.of(dataRef(h))))).toList();
    if (!sets.isEmpty()) {
      Tree parameters = Tree.of(Map.of("datasets", Tree.of(sets)));
      fields.put("modelCard", Tree.of(Map.of("modelParameters", parameters)));
    }
    fields.put("properties", Tree.of(properties()));
    return Tree.of(fields);
  }

  private Tree ancestor() {
    Map<String, Tree> fields = component(MODEL, name(floatModel));
    fields.put("bom-ref", Tree.of("float-model"));
    claims.get(Claim.MODEL).ifPresent(hash -> fields.put("hashes", sha256(hash)));
    List<Tree> beside =
        claims.get(Claim.MODEL_DATA).stream().flatMap(String::lines).map(ModelBom::file).toList();
    if (!beside.isEmpty()) {
      fields.put("components", Tree.of(beside));
    }
    return Tree.of(fields);
  }

  /** Returns a file of constants, from a line as {@code sha256sum} prints it. */
  private static Tree file(String line) {
    String[] hashAndName = line.split(" {2}", 2);
    Map<String, Tree> fields = component("file", hashAndName[1]);
    fields.put("hashes", sha256(hashAndName[0]));
    return Tree.of(fields);
  }

  private List<String> dataHashes() {
    return claims.get(Claim.DATA).map(hashes -> List.of(hashes.split(","))).orElse(List.of());
  }

  private static String dataRef(String hash) {
    return "data-" + hash;
  }

  /** Returns data, whose hash is that of its content: where it lies takes no part. */
  private static Tree data(String hash) {
    String name = "calibration data";
    Map<String, Tree> fields = component("data", name);
    fields.put("bom-ref", Tree.of(dataRef(hash)));
    fields.put("hashes", sha256(hash));
    Map<String, Tree> set = new LinkedHashMap<>();
    set.put("type", Tree.of("dataset"));
    set.put("name", Tree.of(name));
    fields.put("data", Tree.of(List.of(Tree.of(set))));
    return Tree.of(fields);
  }

  private List<Tree> tools() {
    List<Tree> tools = new ArrayList<>();
    Map<String, Tree> octet = component("application", "octet");
    claims.get(Claim.VERSION).ifPresent(version -> octet.put("version", Tree.of(version)));
    claims
        .get(Claim.COMMIT)
        .map(commit -> Tree.of(Map.of("uid", Tree.of(commit))))
        .ifPresent(c -> octet.put("pedigree", Tree.of(Map.of("commits", Tree.of(List.of(c))))));
    tools.add(Tree.of(octet));
    plan.ifPresent(from -> tools.add(backend(from.backend())));
    return tools;
  }

  private Tree backend(String name) {
    Map<String, Tree> fields = component("library", name);
    claims.get(Claim.BACKEND_VERSION).ifPresent(v -> fields.put("version", Tree.of(v)));
    fields.put("description", Tree.of("the backend whose rules decided"));
    claims.get(Claim.BACKEND_JAR).ifPresent(jar -> fields.put("hashes", sha256(jar)));
    return Tree.of(fields);
  }

  private List<Tree> properties() {
    List<Tree> properties = new ArrayList<>();
    plan.ifPresent(from -> properties.add(property(Claims.PLAN, from.planHash())));
    for (Claim claim : PROPERTIES) {
      claims.get(claim).ifPresent(value -> properties.add(property(claim.key(), value)));
    }
    return properties;
  }

  private static Tree property(String name, String value) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("name", Tree.of(name));
    fields.put("value", Tree.of(value));
    return Tree.of(fields);
  }

  private static Map<String, Tree> component(String type, String name) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("type", Tree.of(type));
    fields.put("name", Tree.of(name));
    return fields;
  }

  private static Tree sha256(String hash) {
    Map<String, Tree> fields = new LinkedHashMap<>();
    fields.put("alg", Tree.of("SHA-256"));
    fields.put("content", Tree.of(hash));
    return Tree.of(List.of(Tree.of(fields)));
  }

  private static String name(Path file) {
    return Objects.requireNonNull(file.getFileName(), "a file").toString();
  }
}
