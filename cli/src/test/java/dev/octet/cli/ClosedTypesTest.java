package dev.octet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.spec.Granularity;
import dev.octet.fixtures.jdk.VendorJar;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What cannot grow without breaking a vendor's code is closed for a reason. A record cannot: its
 * constructor takes every component. A sealed type can where others tell its kinds apart with
 * {@code Cases.otherwise}.
 */
class ClosedTypesTest {

  /** Records whose components are all that there is to say, and who says so. */
  private static final Map<String, String> COMPLETE =
      Map.ofEntries(
          Map.entry("Attribute", "ONNX: a name and a value"),
          Map.entry("Attribute$FloatValue", "ONNX"),
          Map.entry("Attribute$FloatsValue", "ONNX"),
          Map.entry("Attribute$GraphValue", "ONNX"),
          Map.entry("Attribute$GraphsValue", "ONNX"),
          Map.entry("Attribute$IntValue", "ONNX"),
          Map.entry("Attribute$IntsValue", "ONNX"),
          Map.entry("Attribute$OpaqueValue", "carries what it does not read"),
          Map.entry("Attribute$StringValue", "ONNX"),
          Map.entry("Attribute$StringsValue", "ONNX"),
          Map.entry("Attribute$TensorValue", "ONNX"),
          Map.entry("Dimension$Known", "a size"),
          Map.entry("Dimension$Symbolic", "a name"),
          Map.entry("Dimension$Unknown", "nothing"),
          Map.entry("Model", "a graph with the operator sets that it is written in"),
          Map.entry("Node", "ONNX: NodeProto"),
          Map.entry("OpType", "ONNX: a domain and a name"),
          Map.entry("Point", "a place in a graph: a node or a name, a side, an index"),
          Map.entry("Shape", "its dimensions"),
          Map.entry("ValueInfo", "ONNX: a name and a type"),
          Map.entry("ValueType$Other", "the words of a type that is not read"),
          Map.entry("ValueType$TensorType", "ONNX: an element type and a shape"),
          Map.entry("ErrorId", "id, kind, meaning, next step: the columns of the list of errors"),
          Map.entry("FindingId", "id, severity, meaning: the columns of the list of findings"),
          Map.entry("Finding", "an id with its severity, the message, the place"),
          Map.entry("Extremes", "a minimum, a maximum, and counts that merge exactly"),
          Map.entry("Range", "two numbers"),
          Map.entry("ObserverDescriptor$Parameter", "made by withParameter alone"),
          Map.entry("Options", "values by name"),
          Map.entry("ApiVersion", "MAJOR.MINOR"),
          Map.entry("Availability$Available", "nothing"),
          Map.entry("Availability$Unavailable", "the obstacle and what to do about it"),
          Map.entry("Capability$Bias", "a type and how its scale follows"),
          Map.entry("Capability$Edge", "who makes a value, who reads it where, and whether alone"),
          Map.entry("Capability$Example", "a model and the nodes of its match"),
          Map.entry("Capability$StepCondition", "a condition and the step that it is about"),
          Map.entry("Exactness$Bounded", "a number of steps"),
          Map.entry("Exactness$Exact", "nothing"),
          Map.entry("Exactness$Unsupported", "a reason"),
          Map.entry("OperatorUse$Value", "ONNX: an element type, and what QDQ says of its scales"),
          Map.entry("Granularity$PerBlock", "an extent for each dimension"),
          Map.entry("Granularity$PerChannel", "an axis"),
          Map.entry("Granularity$PerGroup", "an axis and a length"),
          Map.entry("Granularity$PerTensor", "nothing"),
          Map.entry("Granularity$PerToken", "nothing"),
          Map.entry("ObserverSpec", "a name with parameters, which an observer may have more of"),
          Map.entry("QuantizationSpec$Derived", "a type, and a rule with its sources"),
          Map.entry("QuantizationSpec$KeepFloat", "a reason"),
          Map.entry("QuantizationSpec$NarrowFloat", "a type"),
          Map.entry("QuantizationSpec$Shared", "another point"),
          Map.entry("QuantizedType", "a storage and a range of it"),
          Map.entry("Position", "a line and a column, with the path"),
          Map.entry("Tree$Bool", "JSON"),
          Map.entry("Tree$Mapping", "JSON"),
          Map.entry("Tree$Null", "JSON"),
          Map.entry("Tree$Num", "JSON"),
          Map.entry("Tree$Sequence", "JSON"),
          Map.entry("Tree$Text", "JSON"),
          Map.entry("ChannelAxis$Input", "nothing"),
          Map.entry("ChannelAxis$Numbered", "a number"),
          Map.entry("ChannelAxis$Output", "nothing"),
          Map.entry("MatchPoint", "a step, a side, an index"),
          Map.entry("SpecTemplate$Derived", "as the spec that it makes"),
          Map.entry("SpecTemplate$Fixed", "as the spec that it makes"),
          Map.entry("SpecTemplate$KeepFloat", "as the spec that it makes"),
          Map.entry("SpecTemplate$NarrowFloat", "as the spec that it makes"),
          Map.entry("SpecTemplate$Shared", "as the spec that it makes"),
          Map.entry("Policy", "its rules, in order"),
          Map.entry("PolicyAction$Configure", "options"),
          Map.entry("PolicyAction$Exclude", "nothing"),
          Map.entry("PolicyRule", "a selector, an action, who wrote it"),
          Map.entry("Selector$Global", "nothing"),
          Map.entry("Selector$ModuleGlob", "a pattern"),
          Map.entry("Selector$ModuleRegex", "a pattern"),
          Map.entry("Selector$ModuleType", "a name"),
          Map.entry("Selector$NodeGlob", "a pattern"),
          Map.entry("Selector$OperatorType", "a name"),
          Map.entry("Selector$Where", "a condition and its words"));

  /** Records that Octet makes and others read: a component more breaks none of them. */
  private static final Set<String> MADE_BY_OCTET =
      Set.of(
          "BackendRules",
          "BoundaryDirective",
          "BoundaryRule",
          "ChannelLayout",
          "Directive$Configured",
          "Directive$Excluded",
          "GraphEditor$Edited",
          "GraphValues$Use",
          "IntegerTypes",
          "Mark",
          "Mark$MadeBy",
          "ModelBoundary",
          "ModulePosition",
          "NameMapping",
          "NodePattern",
          "NodeView$Reader",
          "ObserverPlan$Group",
          "PolicyDecisions",
          "PolicyOptions$Split",
          "Rule",
          "RuleWords",
          "ServiceCatalog$Entry$Broken",
          "ServiceCatalog$Entry$OtherVersion",
          "ServiceCatalog$Entry$Usable",
          "Step");

  /** Sealed types that have all their kinds, and why. */
  private static final Map<String, String> ALL_KINDS =
      Map.of(
          "Dimension", "known, named or neither; its methods answer for each",
          "Tree", "JSON's data model",
          "ValueType", "a tensor or not; tensor() tells them apart");

  private static final Pattern RECORD = Pattern.compile("([\\w.$]+)(<.*?>)?: public .*record < .*");
  private static final Pattern SEALED = Pattern.compile("([\\w.$]+)(<.*?>)?: public .* sealed .*");

  private final List<String> surface = new ArrayList<>();

  ClosedTypesTest() throws IOException {
    for (String module : List.of("api", "annotation")) {
      surface.addAll(Files.readAllLines(Path.of("..", module, module + "-surface.txt")));
    }
  }

  @Test
  void everyPublicRecordThatIsSettledIsClosedForAReason() {
    Set<String> settled = new TreeSet<>();
    for (String line : surface) {
      String name = RECORD.matcher(line).replaceFirst("$1");
      if (!name.equals(line) && !line.endsWith("[incubating]") && !name.endsWith("Cases")) {
        settled.add(simple(name));
      }
    }
    Set<String> reasoned = new TreeSet<>(COMPLETE.keySet());
    reasoned.addAll(MADE_BY_OCTET);
    assertEquals(COMPLETE.size() + MADE_BY_OCTET.size(), reasoned.size(), "one reason for each");
    Set<String> gone = new TreeSet<>(reasoned);
    gone.removeAll(settled);
    settled.removeAll(reasoned);
    assertEquals(Set.of(), settled, "make it a final class with factories, or say why not");
    assertEquals(Set.of(), gone, "no such record");
  }

  /** The constructor that takes a function for every kind is for Octet itself. */
  @Test
  void everySealedTypeHasCasesThatOutliveANewKind() {
    Set<String> without = new TreeSet<>();
    Map<String, String> cases = new TreeMap<>();
    for (String line : surface) {
      String name = SEALED.matcher(line).replaceFirst("$1");
      if (!name.equals(line)) {
        String outer = name.endsWith("$Concrete") ? name.replace("$Concrete", "") : name;
        String found = outer + (name.equals(outer) ? "$Cases" : "$ConcreteCases");
        boolean open = surface.stream().anyMatch(l -> l.startsWith(found + "#static otherwise<"));
        if (open) {
          cases.put(simple(name), found);
        } else {
          without.add(simple(name));
        }
      }
    }
    assertEquals(new TreeSet<>(ALL_KINDS.keySet()), without);
    assertTrue(cases.size() >= 10, cases.toString());
    for (String type : cases.values()) {
      List<String> constructors =
          surface.stream().filter(l -> l.startsWith(type + "#new")).toList();
      assertTrue(constructors.get(0).endsWith("[incubating]"), constructors.toString());
      long kinds = constructors.get(0).split("Function<").length - 1;
      long own =
          surface.stream()
              .filter(l -> l.startsWith(type + "#") && l.contains("(java.util.function.Function<"))
              .filter(l -> !l.contains("#new(") && !l.contains("#static "))
              .count();
      assertEquals(kinds, own, type);
    }
  }

  @Test
  void aVendorsCodeOutlivesANewKind(@TempDir Path folder) throws Exception {
    String vendor =
        """
        package acme;

        import dev.octet.api.spec.Granularity;

        public final class Words {
          private static final Granularity.Cases<String> WORDS =
              Granularity.Cases.otherwise(other -> "other").perChannel(c -> "axis " + c.axis());

          public static String of(Granularity granularity) {
            return granularity.match(WORDS);
          }
        }
        """;
    Path jar =
        new VendorJar(Granularity.class).source("acme.Words", vendor).build(folder, "acme.jar");
    Path later = folder.resolve("later.jar-classes");
    new VendorJar(Granularity.class)
        .source("dev.octet.api.spec.Granularity", withStripes())
        .build(folder, "later.jar");
    Path api =
        Path.of(Granularity.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    URL[] places = {later.toUri().toURL(), api.toUri().toURL(), jar.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
      Class<?> words = loader.loadClass("acme.Words");
      Class<?> type = loader.loadClass(Granularity.class.getName());
      for (Map.Entry<String, String> each :
          Map.of("PerStripe", "other", "PerToken", "other").entrySet()) {
        Object kind =
            loader.loadClass(type.getName() + "$" + each.getKey()).getConstructor().newInstance();
        assertEquals(each.getValue(), words.getMethod("of", type).invoke(null, kind));
      }
      Object channel =
          loader.loadClass(type.getName() + "$PerChannel").getConstructor(int.class).newInstance(2);
      assertEquals("axis 2", words.getMethod("of", type).invoke(null, channel));
    }
  }

  /** Returns the source of {@link Granularity} with one more kind. */
  private static String withStripes() throws IOException {
    String path = "src/main/java/" + Granularity.class.getName().replace('.', '/') + ".java";
    String text = Files.readString(Path.of("..", "api").resolve(path));
    String kind =
        """
          record PerStripe() implements Granularity {
            @Override
            public <T> T match(Cases<T> cases) {
              return cases.perStripe().apply(this);
            }
          }

          record Cases<T>(
              Function<? super PerStripe, ? extends T> perStripe,
        """;
    String longer =
        text.replace("  record Cases<T>(\n", kind)
            .replace("new Cases<>(other,", "new Cases<>(other, other,")
            .replaceAll("new Cases<>\\((perTensor|function),", "new Cases<>(perStripe, $1,");
    long changes = Stream.of(longer.split("perStripe")).count() - 1;
    assertTrue(changes >= 7, longer);
    return longer;
  }

  private static String simple(String name) {
    return Arrays.stream(name.split("\\.")).reduce((a, b) -> b).orElseThrow();
  }
}
