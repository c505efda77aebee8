package dev.octet.workflow.source;

import dev.octet.annotation.policy.Policy;
import dev.octet.annotation.policy.PolicyNode;
import dev.octet.annotation.policy.PolicyOptions;
import dev.octet.annotation.policy.Selector;
import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Tensor;
import dev.octet.api.option.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which layers are quantized, as texts: {@code [!][KIND:]PATTERN}.
 *
 * <p>A pattern without exclamation mark takes layers, and those that no such pattern takes stay
 * float; one with it leaves layers out, whatever else takes them. KIND is {@code shape}, whose
 * pattern is a glob for inputs and outputs of a layer such as {@code 480x244} or {@code *x64}, or
 * one of {@link PolicyOptions}; a pattern without KIND is a glob for node names.
 */
public final class LayerFilters {

  private static final String SHAPE = "shape:";

  private LayerFilters() {}

  /**
   * Returns filters as a policy.
   *
   * @throws OctetException as {@link PolicyOptions#selector}
   */
  public static Policy policy(List<String> filters) {
    List<Selector> only = new ArrayList<>();
    List<Selector> never = new ArrayList<>();
    for (String filter : filters) {
      boolean without = filter.startsWith("!");
      (without ? never : only).add(selector(without ? filter.substring(1) : filter));
    }
    Policy.Builder policy = Policy.builder();
    if (!only.isEmpty()) {
      policy.exclude(Selector.global());
    }
    only.forEach(selector -> policy.configure(selector, Options.none()));
    // What is configured has to be there: a shape that no layer has was misspelt, as a name is.
    never.forEach(selector -> policy.configure(selector, Options.none()));
    never.forEach(policy::exclude);
    if (!only.isEmpty()) {
      // What takes a layer may have a higher rank than what leaves it out.
      never.forEach(
          out -> policy.exclude(Selector.where(out.words(), node -> node.isSelectedBy(out))));
    }
    return policy.build();
  }

  private static Selector selector(String text) {
    if (!text.startsWith(SHAPE)) {
      return PolicyOptions.selector(text);
    }
    // Stars in a row are one: each would try every place of those before it.
    String glob = text.substring(SHAPE.length()).replaceAll("\\*+", "*");
    Pattern pattern =
        Pattern.compile("\\Q" + glob.replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q") + "\\E");
    return Selector.where(text, node -> pattern.matcher(shape(node)).matches());
  }

  /** Returns inputs and outputs of a layer; empty for other nodes. */
  private static String shape(PolicyNode node) {
    boolean multiplies =
        node.node().op().is("MatMul") || node.node().op().is("Gemm") || node.node().op().is("Conv");
    long[] sizes = node.constant(1).map(Tensor::sizes).orElse(new long[0]);
    if (!multiplies || sizes.length < 2) {
      return "";
    }
    LinearLayer.Form form = LinearLayers.form(node.node(), sizes);
    return form.inputs() + "x" + form.outputs();
  }
}
