package dev.octet.annotation.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import dev.octet.api.option.OptionDescriptor;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Quantizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyOptionsTest {

  private static final Set<String> OF_NODES = Set.of("weight-bits");

  /** A backend with two options, and what a test adds. */
  private static QuantizerProvider backend(OptionDescriptor... more) {
    return new QuantizerProvider() {
      @Override
      public String name() {
        return "acme";
      }

      @Override
      public String description() {
        return "a backend for a test";
      }

      @Override
      public List<OptionDescriptor> options() {
        List<OptionDescriptor> all =
            new java.util.ArrayList<>(
                List.of(
                    OptionDescriptor.integer("weight-bits", "For a test.").repeated(),
                    OptionDescriptor.text("mode", "For a test.").repeated()));
        all.addAll(List.of(more));
        return all;
      }

      @Override
      public List<Capability> capabilities(Options options) {
        return List.of();
      }

      @Override
      public Quantizer create(Options options) {
        return context -> {};
      }
    };
  }

  private static List<PolicyRule> rules(String... namesAndValues) {
    return split(backend(), Options.of(namesAndValues)).policy().rules();
  }

  private static PolicyOptions.Split split(QuantizerProvider backend, Options given) {
    PolicyOptions understood = PolicyOptions.of(backend);
    understood.requireFit(given);
    return understood.split(given);
  }

  private static Selector excluded(String text) {
    return rules("exclude", text).get(0).selector();
  }

  private static OctetException refused(String... namesAndValues) {
    return assertThrows(OctetException.class, () -> rules(namesAndValues));
  }

  private static PolicyRule configure(Selector selector, Options options) {
    return new PolicyRule(
        selector, new PolicyAction.Configure(options), Optional.of("option configure"));
  }

  @Test
  void excludeNodesByName() {
    PolicyRule rule =
        new PolicyRule(
            Selector.node("stem/*"), new PolicyAction.Exclude(), Optional.of("option exclude"));
    assertEquals(List.of(rule), rules("exclude", "stem/*"));
    assertEquals("node 'stem/*' (option exclude)", rule.words());
  }

  @Test
  void selectByEveryKind() {
    assertEquals(Selector.global(), excluded("global:"));
    assertEquals(Selector.global(), excluded("global:*"));
    assertEquals(Selector.operatorType("Conv"), excluded("op:Conv"));
    assertEquals(Selector.moduleType("BasicBlock"), excluded("module-type:BasicBlock"));
    assertEquals(Selector.module("layer1.*"), excluded("module:layer1.*"));
    assertEquals(Selector.moduleRegex("layer[12](:.*)?"), excluded("module-regex:layer[12](:.*)?"));
    assertEquals(Selector.node("conv1"), excluded("node:conv1"));
  }

  @Test
  void takeNamesWithColonsBlanksAndCommasAsTheyAre() {
    assertEquals(Selector.node("scope:0"), excluded("scope:0"));
    assertEquals(Selector.node("op:Conv"), excluded("node:op:Conv"));
    assertEquals(Selector.node("global"), excluded("global"));
    assertEquals(Selector.node("my conv, the first"), excluded("my conv, the first"));
    assertEquals(
        List.of(configure(Selector.node("my conv, a=b"), Options.of("weight-bits", "4"))),
        rules("configure", "my conv, a=b weight-bits=4"));
    assertEquals(
        List.of(configure(Selector.node("a:b"), Options.of("weight-bits", "4"))),
        rules("configure", "node:a:b weight-bits=4"));
  }

  @Test
  void configureNodesWithSeveralOptions() {
    assertEquals(
        List.of(
            configure(
                Selector.operatorType("Conv"), Options.of("weight-bits", "4", "mode", "a,b c:d"))),
        rules("configure", "op:Conv weight-bits=4,mode=a,b c:d"));
    assertEquals(
        List.of(configure(Selector.node("x"), Options.of("mode", "1", "mode", "2"))),
        rules("configure", "x mode=1,mode=2"));
  }

  @Test
  void letAnExclusionCountWhereBothSelectANodeByOneKind() {
    List<PolicyRule> rules =
        rules("exclude", "conv1", "configure", "conv1 weight-bits=4", "exclude", "op:Add");
    assertEquals(
        List.of(
            "node 'conv1' (option configure)",
            "node 'conv1' (option exclude)",
            "operator type 'Add' (option exclude)"),
        rules.stream().map(PolicyRule::words).toList());
  }

  @Test
  void leaveTheRestToTheBackend() {
    PolicyOptions.Split split = split(backend(), Options.of("mode", "static", "exclude", "a"));
    assertEquals(Options.of("mode", "static"), split.backend());
    assertEquals(1, split.policy().rules().size());
  }

  @Test
  void areTheBackendsOwnWhereItDeclaresThem() {
    QuantizerProvider own = backend(OptionDescriptor.text("exclude", "For a test.").repeated());
    PolicyOptions.Split split = split(own, Options.of("exclude", "op:Conv"));
    assertEquals(Options.of("exclude", "op:Conv"), split.backend());
    assertEquals(Policy.none(), split.policy());
    assertEquals(
        List.of("weight-bits", "mode", "exclude", "configure", "integers"),
        PolicyOptions.of(own).all().stream().map(OptionDescriptor::name).toList());
    assertEquals(
        List.of("weight-bits", "mode", "exclude", "configure", "integers"),
        PolicyOptions.of(backend()).all().stream().map(OptionDescriptor::name).toList());
  }

  @Test
  void areRefusedWhenTheyAreMalformed() {
    OctetException bare = refused("configure", "conv1");
    assertEquals("OCT-OPT-005", bare.id());
    assertEquals("'conv1' does not say which options", bare.fact());
    assertEquals("OCT-OPT-005", refused("configure", "weight-bits=4").id());
    assertEquals("OCT-POL-009", refused("exclude", "op:").id());
    assertEquals("OCT-POL-010", refused("exclude", "global:x").id());
    OctetException regex = refused("exclude", "module-regex:(a");
    assertEquals("OCT-POL-004", regex.id());
    assertEquals("'(a' is no regular expression: Unclosed group", regex.fact());
    assertEquals("OCT-OPT-003", refused("exclude", "").id());
  }

  @Test
  void areAmongTheCandidatesOfAMisspeltName() {
    OctetException e = refused("exlude", "a");
    assertEquals("OCT-OPT-001", e.id());
    assertEquals(
        List.of("weight-bits", "mode", "exclude", "configure", "integers"), e.candidates());
  }

  @Test
  void configureOnlyWhatMayDifferFromNodeToNode() {
    Policy known = Policy.builder().node("a", Options.of("weight-bits", "4")).build();
    PolicyOptions.of(backend()).requireNodeOptions(known, OF_NODES);
    Policy other = Policy.builder().node("a", Options.of("weight-bit", "4")).build();
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> PolicyOptions.of(backend()).requireNodeOptions(other, OF_NODES));
    assertEquals(
        "OCT-POL-003: option 'weight-bit' of backend 'acme' cannot differ from node to node (at"
            + " node 'a'). Candidates: weight-bits. Use one of the candidates, or give the option"
            + " for the whole model.",
        e.getMessage());
    OctetException none =
        assertThrows(
            OctetException.class,
            () -> PolicyOptions.of(backend()).requireNodeOptions(known, Set.of()));
    assertEquals("Leave it out; no option of this backend can.", none.nextStep());
  }

  @Test
  void configureOnlyWithValuesThatFit() {
    Policy policy =
        new Policy(
            List.of(configure(Selector.node("a"), Options.of("weight-bits", "four"))),
            List.of(),
            Map.of());
    OctetException e =
        assertThrows(OctetException.class, () -> PolicyOptions.of(backend()).requireFit(policy));
    assertEquals("OCT-OPT-003", e.id());
    assertEquals(Optional.of("node 'a' (option configure)"), e.place());
  }
}
