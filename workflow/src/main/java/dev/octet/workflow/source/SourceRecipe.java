package dev.octet.workflow.source;

import dev.octet.annotation.policy.Policy;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.tree.Tree;
import dev.octet.kernels.quantize.FloatPrecision;
import dev.octet.kernels.quantize.RoundedRule.Mapping;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleRange;
import dev.octet.workflow.data.SampleStream;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.provenance.Claim;
import dev.octet.workflow.provenance.Claims;
import dev.octet.workflow.text.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that decides what source quantization makes of a model, apart from data. It stands in
 * the metadata of what it makes, so that the file can be made again.
 *
 * @param scheme the scheme by name
 * @param options what is said of it
 * @param embeddings whether tables of embeddings become integers, too
 * @param tie whether a weight that is such a table turned round is stored once with it; implies
 *     {@code embeddings}
 * @param filters which layers are quantized, see {@link LayerFilters}
 * @param form how layers are written
 */
public record SourceRecipe(
    SchemeName scheme,
    SchemeOptions options,
    boolean embeddings,
    boolean tie,
    List<String> filters,
    ModelForm form) {

  private static final String SCHEME = "scheme";
  private static final String EMBEDDINGS = "embeddings";
  private static final String TIE = "tie";
  private static final String FILTERS = "filters";
  private static final String FORM = "form";

  /** Copies the filters. */
  public SourceRecipe {
    Objects.requireNonNull(scheme, "scheme");
    Objects.requireNonNull(options, "options");
    filters = List.copyOf(filters);
    Objects.requireNonNull(form, "form");
  }

  /**
   * Returns the scheme with its options.
   *
   * @throws OctetException as {@link SchemeName#scheme}
   */
  public SourceScheme chosen() {
    SourceScheme named = scheme.scheme(options);
    return embeddings || tie ? new WithEmbeddings(named, tie) : named;
  }

  /** Returns this recipe with some nodes left out. */
  public SourceRecipe without(List<String> nodes) {
    List<String> fewer = new ArrayList<>(filters);
    nodes.forEach(node -> fewer.add("!node:" + node));
    return new SourceRecipe(scheme, options, embeddings, tie, fewer, form);
  }

  /** Tells whether weights are fitted to data. */
  public boolean isFitted() {
    return chosen().fitting().isPresent();
  }

  /**
   * Rewrites a model without data.
   *
   * @return the model with the recipe in its metadata, before it is brought into the recipe's form
   * @throws OctetException as {@link SourceQuantization#quantize(Model, SourceScheme, Policy)}
   */
  public SourceQuantized quantize(Model model) {
    return claimed(
        SourceQuantization.quantize(model, chosen(), LayerFilters.policy(filters)), claims());
  }

  /**
   * Rewrites a model, and fits its weights to data where the scheme does.
   *
   * @return the model with the recipe and the content hash of the data in its metadata, before it
   *     is brought into the recipe's form
   * @throws OctetException as {@link SourceQuantization#quantize(Model, SourceScheme, Policy,
   *     DataSource, Execution)}
   */
  public SourceQuantized quantize(Model model, DataSource data, Execution execution) {
    if (!isFitted()) {
      return quantize(model);
    }
    SourceQuantized quantized =
        SourceQuantization.quantize(model, chosen(), LayerFilters.policy(filters), data, execution);
    Claims claims =
        claims()
            .with(Claim.DATA, SampleRange.data(data.ranges()))
            .with(Claim.SAMPLES, Integer.toString(data.size()));
    return claimed(quantized, claims);
  }

  /**
   * Rewrites a model, and fits its weights to samples that come one after the other where the
   * scheme does. They are read once, on the calling thread, and kept in memory.
   *
   * @param stream at most {@value SourceQuantization#KEPT_SAMPLES} samples; where the scheme fits
   *     no weights, they are not read
   * @throws OctetException as {@link SourceQuantization#quantize(Model, SourceScheme, Policy,
   *     SampleStream, Execution)}
   */
  public SourceQuantized quantize(Model model, SampleStream stream, Execution execution) {
    if (!isFitted()) {
      return quantize(model);
    }
    try (DataSource data = SourceQuantization.kept(stream, model, execution)) {
      return quantize(model, data, execution);
    }
  }

  private SourceQuantized claimed(SourceQuantized quantized, Claims claims) {
    return new SourceQuantized(
        claims.mark(quantized.model()), quantized.layers(), quantized.findings());
  }

  private Claims claims() {
    return Claims.ofThisBuild().with(Claim.SOURCE, JsonText.write(toTree()).strip());
  }

  /**
   * Returns the recipe in the words of the command line; what is left to the scheme is left out.
   */
  public Tree.Mapping toTree() {
    Map<String, Tree> tree = new LinkedHashMap<>();
    tree.put(SCHEME, Tree.of(scheme));
    put(tree, SchemeOptions.GROUP_SIZE, options.groupSize().map(Tree::of));
    put(tree, SchemeOptions.BITS, options.bits().map(Tree::of));
    put(tree, SchemeOptions.MAPPING, options.mapping().map(Tree::of));
    put(tree, SchemeOptions.PRECISION, options.precision().map(Tree::of));
    put(tree, SchemeOptions.SCALES_PRECISION, options.scalesPrecision().map(Tree::of));
    put(tree, SchemeOptions.PADDING, options.padding().map(Tree::of));
    put(tree, SchemeOptions.SCALE_ALGORITHM, options.scaleAlgorithm().map(Tree::of));
    put(tree, SchemeOptions.INT4_ALGORITHM, options.int4Algorithm().map(Tree::of));
    tree.put(EMBEDDINGS, Tree.of(embeddings));
    tree.put(TIE, Tree.of(tie));
    tree.put(FILTERS, Tree.of(filters.stream().map(Tree::of).toList()));
    tree.put(FORM, Tree.of(form));
    return Tree.of(tree);
  }

  private static void put(
      Map<String, Tree> tree, SchemeOptions.Kind<?> kind, Optional<Tree> value) {
    value.ifPresent(given -> tree.put(kind.word(), given));
  }

  /**
   * Reads what {@link #toTree} writes.
   *
   * @throws OctetException {@code OCT-TREE-001} to {@code OCT-TREE-005} if it is none
   */
  public static SourceRecipe fromTree(Tree tree) {
    Tree.Mapping map = tree.asMapping();
    List<String> known = new ArrayList<>(List.of(SCHEME, EMBEDDINGS, TIE, FILTERS, FORM));
    SchemeOptions.KINDS.forEach(kind -> known.add(kind.word()));
    map.allowOnly(known.toArray(String[]::new));
    return new SourceRecipe(
        map.get(SCHEME).asWord(SCHEME, SchemeName.values()),
        options(map),
        map.get(EMBEDDINGS).asBoolean(),
        map.get(TIE).asBoolean(),
        map.get(FILTERS).asItems().stream().map(Tree::asText).toList(),
        map.get(FORM).asWord(FORM, ModelForm.values()));
  }

  private static SchemeOptions options(Tree.Mapping map) {
    return new SchemeOptions(
        map.find(SchemeOptions.GROUP_SIZE.word()).map(Tree::asInt),
        map.find(SchemeOptions.BITS.word()).map(Tree::asInt),
        word(map, SchemeOptions.MAPPING, Mapping.values()),
        word(map, SchemeOptions.PRECISION, FloatPrecision.values()),
        word(map, SchemeOptions.SCALES_PRECISION, FloatPrecision.values()),
        map.find(SchemeOptions.PADDING.word()).map(Tree::asBoolean),
        word(map, SchemeOptions.SCALE_ALGORITHM, ScaleAlgorithm.values()),
        word(map, SchemeOptions.INT4_ALGORITHM, Int4ChooseQparamsAlgorithm.values()));
  }

  private static <E extends Enum<E>> Optional<E> word(
      Tree.Mapping map, SchemeOptions.Kind<E> kind, E[] constants) {
    return map.find(kind.word()).map(value -> value.asWord(kind.word(), constants));
  }
}
