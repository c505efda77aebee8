package dev.octet.workflow.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.option.Options;
import dev.octet.api.provider.Capability;
import dev.octet.api.provider.ProviderBuild;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.Quantizer;
import dev.octet.api.tree.Tree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One of Octet's own backends; those of vendors come in jars. */
class BuildCheckTest {

  private record Own(Optional<String> version) implements QuantizerProvider {
    @Override
    public String name() {
      return "own";
    }

    @Override
    public String description() {
      return "a backend";
    }

    @Override
    public List<Capability> capabilities(Options options) {
      return List.of();
    }

    @Override
    public Quantizer create(Options options) {
      return context -> {};
    }
  }

  private static List<Finding> found(Optional<String> present, BackendBuild... recorded) {
    ProviderBuild build = ProviderBuild.of(new Own(present));
    return new BuildCheck("own", build, false).of("plan", List.of(recorded));
  }

  private static BackendBuild version(String version) {
    return new BackendBuild(Optional.of(version), Optional.of("ab"));
  }

  @Test
  void findsAnotherVersion() {
    List<Finding> findings = found(Optional.of("2"), version("1"), version("2"), version("3"));
    assertEquals(
        List.of("OCT-PROV-102", "OCT-PROV-102"), findings.stream().map(Finding::id).toList());
    assertTrue(
        findings
            .get(0)
            .message()
            .startsWith("Version 1 of backend 'own' made the plan; this one is 2."),
        findings.get(0).message());
  }

  @Test
  void saysNothingWhereAVersionIsNotKnown() {
    BackendBuild unknown = new BackendBuild(Optional.empty(), Optional.of("ab"));
    assertEquals(List.of(), found(Optional.of("2"), unknown));
    assertEquals(List.of(), found(Optional.empty(), version("1")));
    assertEquals(List.of(), found(Optional.of("2")));
  }

  @Test
  void readsWhatIsWritten() {
    for (BackendBuild build :
        List.of(version("1"), new BackendBuild(Optional.empty(), Optional.empty()))) {
      assertEquals(build, BackendBuild.fromTree(build.toTree()));
    }
    Tree unknown = Tree.of(Map.of("commit", Tree.of("abc")));
    OctetException e = assertThrows(OctetException.class, () -> BackendBuild.fromTree(unknown));
    assertEquals("OCT-TREE-003", e.id());
  }
}
