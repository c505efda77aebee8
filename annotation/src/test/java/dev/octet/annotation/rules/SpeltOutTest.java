package dev.octet.annotation.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.DataType;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.OpType;
import dev.octet.api.graph.Point;
import dev.octet.api.graph.Shape;
import dev.octet.api.graph.Tensor;
import dev.octet.api.graph.ValueInfo;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.api.quantizer.AnnotatedGraph;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.spec.QuantizedType;
import dev.octet.api.spec.Storage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes are written as {@code s=Sigmoid(x)}; k is a constant of one element, x what flows in. */
class SpeltOutTest {

  private static final TensorType TYPE = TensorType.of(DataType.FLOAT, Shape.of(2, 8));

  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final List<ValueInfo> outputs = new ArrayList<>();

  private AnnotatedGraph annotated(String function) {
    constants.putIfAbsent("k", Tensor.of(new float[] {0.5f}));
    for (String line : function.split(" ", -1)) {
      String[] parts = line.split("[=(,)]", -1);
      List<String> operands = Stream.of(parts).skip(2).filter(part -> !part.isEmpty()).toList();
      nodes.add(Node.of(parts[0], OpType.onnx(parts[1]), operands, List.of(parts[0])));
    }
    outputs.add(ValueInfo.of(nodes.get(nodes.size() - 1).name(), TYPE));
    Map<String, ValueInfo> values = new LinkedHashMap<>();
    nodes.forEach(node -> values.put(node.name(), ValueInfo.of(node.name(), TYPE)));
    outputs.forEach(output -> values.remove(output.name()));
    List<ValueInfo> inputs = List.of(ValueInfo.of("x", TYPE), ValueInfo.of("y", TYPE));
    Graph graph = new Graph("g", inputs, outputs, constants, nodes, values, Optional.empty());
    AnnotationContext context = AnnotationContext.builder("test", graph).build();
    rules().quantizer().annotate(context);
    return context.annotated();
  }

  private static BackendRules rules() {
    return StaticIntegerRules.of(
        "test",
        new IntegerTypes(
            QuantizedType.of(Storage.INT8),
            new QuantizedType(Storage.INT8, -127, 127),
            ObserverSpec.minMax()));
  }

  private static Set<String> rules(AnnotatedGraph graph) {
    return graph.nodes().values().stream()
        .map(node -> node.rule().orElse("float"))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gelu|d=Div(x,k) e=Erf(d) a=Add(e,k) m=Mul(x,a) r=Mul(m,k)",
        "gelu|d=Mul(k,x) e=Erf(d) a=Add(k,e) m=Mul(a,x) r=Mul(k,m)",
        "gelu-half-first|d=Mul(x,k) e=Erf(d) a=Add(e,k) m=Mul(k,a) r=Mul(x,m)",
        "gelu-half-of-x|h=Mul(k,x) d=Div(x,k) e=Erf(d) a=Add(e,k) r=Mul(h,a)",
        "gelu-tanh|p=Pow(x,k) c=Mul(p,k) s=Add(x,c) d=Mul(s,k) t=Tanh(d) a=Add(t,k) m=Mul(x,a)"
            + " r=Mul(m,k)",
        "gelu-tanh-half-of-x|p=Pow(x,k) c=Mul(k,p) s=Add(c,x) d=Mul(k,s) t=Tanh(d) a=Add(k,t)"
            + " h=Mul(x,k) r=Mul(a,h)",
        "gelu-tanh-cube-half-first|q=Mul(x,x) p=Mul(x,q) c=Mul(p,k) s=Add(x,c) d=Mul(s,k)"
            + " t=Tanh(d) a=Add(t,k) m=Mul(a,k) r=Mul(m,x)",
        "gelu-tanh-square-half-of-x|q=Mul(x,k) p=Mul(q,x) s=Add(p,k) h=Mul(x,k) d=Mul(h,s)"
            + " t=Tanh(d) a=Add(t,k) i=Mul(x,k) r=Mul(i,a)",
        "silu|s=Sigmoid(x) r=Mul(s,x)",
        "silu|s=Sigmoid(x) m=Mul(x,s) r=Relu(m)",
        "swish|b=Mul(x,k) s=Sigmoid(b) r=Mul(x,s)",
        "hard-swish|s=HardSigmoid(x) r=Mul(x,s)",
        "hard-swish-clip|a=Add(x,k) c=Clip(a,k,k) m=Mul(x,c) r=Div(m,k)",
        "hard-swish-sixth|a=Add(k,x) c=Clip(a,k,k) m=Mul(c,k) r=Mul(m,x)",
        "hard-sigmoid|a=Add(x,k) c=Clip(a,k,k) r=Div(c,k)",
        "mish|p=Softplus(x) t=Tanh(p) r=Mul(x,t)",
        "softplus-exp|e=Exp(x) a=Add(e,k) r=Log(a)",
        "silu-exp|n=Neg(x) e=Exp(n) a=Add(e,k) r=Div(x,a)",
        "silu-exp-reciprocal|n=Neg(x) e=Exp(n) a=Add(k,e) c=Reciprocal(a) r=Mul(c,x)",
        "silu-exp-quotient|n=Neg(x) e=Exp(n) a=Add(k,e) c=Div(k,a) r=Mul(x,c)",
        "silu-exp-scaled|n=Mul(x,k) e=Exp(n) a=Add(e,k) r=Div(x,a)",
        "silu-exp-scaled-reciprocal|n=Mul(k,x) e=Exp(n) a=Add(e,k) c=Reciprocal(a) r=Mul(x,c)",
        "silu-exp-scaled-quotient|n=Div(x,k) e=Exp(n) a=Add(e,k) c=Div(k,a) r=Mul(x,c)",
        "sigmoid-exp|n=Neg(x) e=Exp(n) a=Add(e,k) r=Div(k,a)",
        "sigmoid-exp-reciprocal|n=Neg(x) e=Exp(n) a=Add(e,k) r=Reciprocal(a)",
        "sigmoid-exp-scaled|n=Mul(x,k) e=Exp(n) a=Add(e,k) r=Div(k,a)",
        "sigmoid-exp-scaled-reciprocal|n=Mul(x,k) e=Exp(n) a=Add(e,k) r=Reciprocal(a)",
        "mish-log|e=Exp(x) a=Add(k,e) l=Log(a) t=Tanh(l) r=Mul(t,x)",
      })
  void aFunctionThatIsSpeltOutIsOneOperation(String rule, String function) {
    assertMarksTheEnds(rule, annotated(function));
  }

  private void assertMarksTheEnds(String rule, AnnotatedGraph graph) {
    assertEquals(Set.of(rule), rules(graph));
    for (Node node : nodes) {
      Point result = Point.result(node.name(), 0);
      boolean last = node.equals(nodes.get(nodes.size() - 1));
      assertEquals(last, graph.spec(result).isPresent(), node.name());
      for (int i = 0; i < node.operands().size(); i++) {
        boolean read = node.operands().get(i).equals("x");
        assertEquals(
            read, graph.spec(Point.operand(node.name(), i)).isPresent(), node.name() + " " + i);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "layer-normalization|r=LayerNormalization(x,g,g)",
        "layer-normalization-pow|m=ReduceMean(x) d=Sub(x,m) p=Pow(d,two) v=ReduceMean(p)"
            + " a=Add(v,k) s=Sqrt(a) q=Div(d,s) w=Mul(q,g) r=Add(g,w)",
        "layer-normalization-pow|m=ReduceMean(x) d=Sub(x,m) p=Pow(d,two) v=ReduceMean(p)"
            + " a=Add(k,v) s=Sqrt(a) q=Div(d,s) r=Mul(q,g)",
        "layer-normalization-pow|m=ReduceMean(x) d=Sub(x,m) p=Pow(d,two) v=ReduceMean(p)"
            + " a=Add(k,v) s=Sqrt(a) r=Div(d,s)",
        "layer-normalization-mul|m=ReduceMean(x) d=Sub(x,m) p=Mul(d,d) v=ReduceMean(p) a=Add(v,k)"
            + " s=Sqrt(a) q=Div(d,s) r=Mul(g,q)",
        "rms-normalization-pow|p=Pow(x,two) v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) q=Div(x,s)"
            + " r=Mul(q,g)",
        "rms-normalization-mul|p=Mul(x,x) v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) q=Div(x,s)"
            + " r=Mul(g,q)",
        "rms-normalization-pow-reciprocal|p=Pow(x,two) v=ReduceMean(p) a=Add(v,k) s=Sqrt(a)"
            + " i=Reciprocal(s) q=Mul(x,i) r=Mul(g,q)",
        "rms-normalization-mul-reciprocal|p=Mul(x,x) v=ReduceMean(p) a=Add(k,v) s=Sqrt(a)"
            + " i=Reciprocal(s) q=Mul(i,x) r=Mul(q,g)",
        "layer-normalization-pow|m=ReduceMean(x) d=Sub(x,m) p=Pow(d,two)"
            + " v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) q=Div(d,s) r=Add(g,q)",
        "layer-normalization-pow-reciprocal|m=ReduceMean(x) d=Sub(x,m) p=Pow(d,two)"
            + " v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) i=Div(one,s) q=Mul(d,i) w=Mul(q,g)"
            + " r=Add(w,g)",
        "layer-normalization-pow-reciprocal|m=ReduceMean(x) d=Sub(x,m) p=Pow(d,two)"
            + " v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) i=Reciprocal(s) q=Mul(i,d) r=Mul(g,q)",
        "layer-normalization-mul-reciprocal|m=ReduceMean(x) d=Sub(x,m) p=Mul(d,d)"
            + " v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) i=Reciprocal(s) f=Mul(i,g) q=Mul(d,f)"
            + " r=Add(q,g)",
        "layer-normalization-mul-reciprocal|m=ReduceMean(x) d=Sub(x,m) p=Mul(d,d)"
            + " v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) i=Div(one,s) f=Mul(g,i) q=Mul(f,d)"
            + " r=Add(g,q)",
        "layer-normalization-folded|m=ReduceMean(x) d=Sub(x,m) p=Mul(d,d)"
            + " v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) i=Reciprocal(s) f=Mul(i,g) w=Mul(x,f)"
            + " o=Mul(m,f) b=Sub(g,o) r=Add(w,b)",
        "layer-normalization-folded|m=ReduceMean(x) d=Sub(x,m) p=Mul(d,d)"
            + " v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) i=Div(one,s) f=Mul(g,i) w=Mul(f,x)"
            + " o=Mul(f,m) b=Sub(g,o) r=Add(b,w)",
        "layer-normalization-fast-root|m=ReduceMean(x) n=Mul(m,m) p=Mul(x,x)"
            + " v=ReduceMean(p) e=Sub(v,n) c=Max(k,e) a=Add(c,k) s=Sqrt(a) i=Reciprocal(s)"
            + " f=Mul(i,g) d=Sub(x,m) q=Mul(d,f) r=Add(q,g)",
        "layer-normalization-fast|m=ReduceMean(x) n=Mul(m,m) p=Mul(x,x) v=ReduceMean(p)"
            + " e=Sub(v,n) a=Add(e,k) s=Sqrt(a) d=Sub(x,m) q=Div(d,s) w=Mul(g,q) r=Add(w,g)",
        "rms-normalization-pow-reciprocal|p=Pow(x,two) v=ReduceMean(p) a=Add(v,k)"
            + " s=Sqrt(a) i=Div(one,s) q=Mul(x,i) r=Mul(g,q)",
        "rms-normalization-mul-reciprocal|p=Mul(x,x) v=ReduceMean(p) a=Add(v,k)"
            + " s=Sqrt(a) i=Div(one,s) q=Mul(x,i) r=Mul(g,q)",
        "rms-normalization-pow|p=Pow(x,two) v=ReduceMean(p) a=Add(v,k) s=Sqrt(a)" + " r=Div(x,s)",
        "rms-normalization-pow-reciprocal|p=Pow(x,two) v=ReduceMean(p) a=Add(v,k)"
            + " s=Sqrt(a) i=Div(one,s) r=Mul(i,x)",
      })
  void aNormalizationThatIsSpeltOutIsOneOperation(String rule, String nodesOfIt) {
    constants.put("one", Tensor.of(new float[] {1}));
    constants.put("two", Tensor.of(new float[] {2}));
    constants.put("g", Tensor.of(new float[8], 8));
    assertMarksTheEnds(rule, annotated(nodesOfIt));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m=ReduceMean(x) d=Sub(x,m) p=Pow(d,k) v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) q=Div(d,s)"
            + " w=Mul(q,g) r=Add(w,g)",
        "m=ReduceMean(x) d=Sub(x,m) p=Mul(d,y) v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) q=Div(d,s)"
            + " w=Mul(q,g) r=Add(w,g)",
        "m=ReduceMean(x) d=Sub(x,m) p=Mul(d,d) v=ReduceMean(p) a=Add(v,y) s=Sqrt(a) q=Div(d,s)"
            + " w=Mul(q,g) r=Add(w,g)",
        "m=ReduceMean(x) d=Sub(x,m) p=Mul(d,d) v=ReduceMean(p) a=Add(v,g) s=Sqrt(a) q=Div(d,s)"
            + " w=Mul(q,g) r=Add(w,g)",
        "m=ReduceMean(x) d=Sub(x,m) p=Mul(d,d) v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) q=Div(x,s)"
            + " w=Mul(q,g) r=Add(w,g)",
        "p=Mul(x,x) v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) c=Reciprocal(s) q=Mul(y,c) r=Mul(q,g)",
        "p=Mul(x,x) v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) c=Div(k,s) q=Mul(x,c) r=Mul(q,g)",
        "p=Mul(x,x) v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) c=Div(y,s) q=Mul(x,c) r=Mul(q,g)",
        "m=ReduceMean(x) d=Sub(x,m) p=Mul(d,d) v=ReduceMean(p) a=Add(v,k) s=Sqrt(a)"
            + " i=Reciprocal(s) f=Mul(i,g) w=Mul(x,f) o=Mul(y,f) b=Sub(g,o) r=Add(w,b)",
        "m=ReduceMean(x) d=Sub(x,m) p=Mul(d,d) v=ReduceMean(p) a=Add(v,k) s=Sqrt(a)"
            + " i=Reciprocal(s) f=Mul(i,g) w=Mul(x,f) o=Mul(m,f) b=Sub(y,o) r=Add(w,b)",
        "m=ReduceMean(y) n=Mul(m,m) p=Mul(x,x) v=ReduceMean(p) e=Sub(v,n) a=Add(e,k) s=Sqrt(a)"
            + " d=Sub(x,m) q=Div(d,s) w=Mul(g,q) r=Add(w,g)",
      })
  void whatJustMissesANormalizationIsNone(String nodesOfIt) {
    constants.put("two", Tensor.of(new float[] {2}));
    constants.put("g", Tensor.of(new float[8], 8));
    Set<String> rules = rules(annotated(nodesOfIt));
    assertTrue(rules.stream().noneMatch(rule -> rule.contains("normalization")), rules.toString());
  }

  @Test
  void aVariableShiftIsNoPartOfANormalization() {
    constants.put("two", Tensor.of(new float[] {2}));
    constants.put("g", Tensor.of(new float[8], 8));
    AnnotatedGraph graph =
        annotated(
            "m=ReduceMean(x) d=Sub(x,m) p=Pow(d,two) v=ReduceMean(p) a=Add(v,k) s=Sqrt(a)"
                + " q=Div(d,s) w=Mul(q,g) r=Add(w,y)");
    assertEquals(Optional.of("layer-normalization-pow"), graph.nodes().get("w").rule());
    assertEquals(Optional.of("element-wise"), graph.nodes().get("r").rule());
  }

  @Test
  void aVariableScaleIsNoPartOfANormalization() {
    constants.put("two", Tensor.of(new float[] {2}));
    AnnotatedGraph graph =
        annotated("p=Pow(x,two) v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) q=Div(x,s) r=Mul(q,y)");
    assertEquals(Optional.of("rms-normalization-pow"), graph.nodes().get("q").rule());
    assertEquals(Optional.of("element-wise"), graph.nodes().get("r").rule());
  }

  @Test
  void theQuotientOfAnotherValueIsNoNormalization() {
    AnnotatedGraph graph = annotated("p=Mul(x,x) v=ReduceMean(p) a=Add(v,k) s=Sqrt(a) r=Div(y,s)");
    assertEquals(Optional.of("element-wise"), graph.nodes().get("p").rule());
  }

  @Test
  void theGateOfAnotherValueIsNoFunctionOfOne() {
    assertEquals(
        Set.of("activation-function", "element-wise"), rules(annotated("s=Sigmoid(x) r=Mul(y,s)")));
  }

  @Test
  void aValueInsideThatSomebodyElseReadsIsNoPartOfOne() {
    outputs.add(ValueInfo.of("s", TYPE));
    assertEquals(
        Set.of("activation-function", "element-wise"), rules(annotated("s=Sigmoid(x) r=Mul(x,s)")));
  }

  @Test
  void aConstantOfSeveralElementsIsNone() {
    constants.put("k", Tensor.of(new float[8], 8));
    AnnotatedGraph graph = annotated("b=Mul(x,k) s=Sigmoid(b) r=Mul(x,s)");
    assertEquals(Optional.of("element-wise"), graph.nodes().get("b").rule());
    assertEquals(Optional.of("activation-function"), graph.nodes().get("s").rule());
  }

  @Test
  void theSquareOfAnotherProductIsNoCube() {
    AnnotatedGraph graph =
        annotated(
            "q=Mul(x,y) p=Mul(x,q) c=Mul(p,k) s=Add(x,c) d=Mul(s,k) t=Tanh(d) a=Add(t,k)"
                + " m=Mul(a,k) r=Mul(m,x)");
    assertEquals(Optional.of("element-wise"), graph.nodes().get("q").rule());
  }
}
