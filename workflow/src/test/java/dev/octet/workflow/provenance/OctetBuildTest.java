package dev.octet.workflow.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.normalise.Normaliser;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class OctetBuildTest {

  private static OctetBuild of(String version, String commit) {
    Properties written = new Properties();
    written.setProperty("version", version);
    written.setProperty("commit", commit);
    return OctetBuild.of(written);
  }

  @Test
  void saysWhatTheBuildFilledIn() {
    OctetBuild build = of("1.2.3", "0af1+changes");
    assertEquals(Optional.of("1.2.3"), build.version());
    assertEquals(Optional.of("0af1+changes"), build.commit());
    assertEquals(
        "Octet 1.2.3 of commit 0af1+changes with normaliser " + Normaliser.VERSION,
        build.toString());
  }

  @Test
  void whatNothingWasFilledInForIsNotKnown() {
    for (OctetBuild build :
        List.of(
            of("${octet.version}", "${octet.commit}"),
            of("", " "),
            OctetBuild.of(new Properties()))) {
      assertEquals(Optional.empty(), build.version());
      assertEquals(Optional.empty(), build.commit());
      assertEquals(Optional.of(Normaliser.VERSION), build.normaliser());
      assertEquals(
          "an unknown version of Octet with normaliser " + Normaliser.VERSION, build.toString());
    }
  }

  @Test
  void isReadOnce() {
    assertSame(OctetBuild.current(), OctetBuild.current());
  }

  /** Whoever is told that a file is from before a release has that release, or a later one. */
  @Test
  void isOfTheReleaseWhoseFilesAreReadOrOfALaterOne() throws IOException {
    Optional<String> version = OctetBuild.current().version();
    assumeTrue(version.isPresent(), "the build filled nothing in");
    Version here = Version.parse(version.get().replace("-SNAPSHOT", ""));
    assertTrue(here.compareTo(Version.parse(OctetBuild.FILES_SINCE)) >= 0, version.get());
    String page = Files.readString(Path.of("../docs/compatibility.md"));
    assertTrue(page.contains("refused as before " + OctetBuild.FILES_SINCE + " "), page);
  }

  @Test
  void isReadAsItWasWritten() {
    for (OctetBuild build : List.of(of("1", "0a"), of("1", ""), OctetBuild.unknown())) {
      assertEquals(build, OctetBuild.fromTree(build.toTree()));
    }
    Tree other = Tree.of(Map.of("sha256", Tree.of("0a")));
    OctetException e = assertThrows(OctetException.class, () -> OctetBuild.fromTree(other));
    assertTrue(e.fact().contains("unknown field 'sha256'"), e.fact());
  }

  @Test
  void ordersByVersionThenByCommit() {
    assertTrue(of("1", "b").compareTo(of("2", "a")) < 0);
    assertTrue(of("1", "b").compareTo(of("1", "a")) > 0);
    assertEquals(0, of("1", "a").compareTo(of("1", "a")));
  }
}
