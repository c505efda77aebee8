package dev.octet.workflow.verify;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Model;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.tree.Tree;
import dev.octet.workflow.provenance.Claim;
import dev.octet.workflow.provenance.Claims;
import dev.octet.workflow.provenance.OctetBuild;
import dev.octet.workflow.report.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether a quantized file is what its metadata says: every input is compared by its hash with what
 * the file claims, the conversion is done again, and the outcome is compared byte by byte. Where
 * another build made the file, its contents are compared instead. Immutable.
 */
public final class Verification {

  private static final Set<String> BUILDS = keys(Claim::namesBuild);
  private static final Set<String> ALL = keys(claim -> true);

  private final Claims claims;
  private final List<HashCheck> checks;
  private final List<Difference> differences;
  private final boolean redone;
  private final boolean sameBytes;

  private Verification(
      Claims claims,
      List<HashCheck> checks,
      List<Difference> differences,
      boolean redone,
      boolean sameBytes) {
    this.claims = claims;
    this.checks = checks;
    this.differences = differences;
    this.redone = redone;
    this.sameBytes = sameBytes;
  }

  /**
   * Verifies a file.
   *
   * @throws OctetException {@code OCT-VER-001} if the file does not say where it came from; {@code
   *     OCT-VER-002} if there is no plan for it; {@code OCT-VER-003} if there is neither
   *     calibration nor data for it; as reading, calibrating and converting for what is no change
   *     of an input
   */
  public static Verification of(VerifyRequest request) {
    Model quantized = request.catalogs().read(request.quantized());
    Claims claims = Claims.of(quantized);
    Redoing redoing = new Redoing(request, quantized);
    Optional<Model> again = redoing.model();
    if (again.isEmpty()) {
      return new Verification(claims, redoing.checks(), List.of(), false, false);
    }
    return compared(request, quantized, again.get(), redoing.checks());
  }

  private static Verification compared(
      VerifyRequest request, Model quantized, Model again, List<HashCheck> checks) {
    Claims claims = Claims.of(quantized);
    try {
      Path folder = Files.createTempDirectory("octet-verify");
      try {
        Path file = folder.resolve(request.quantized().getFileName());
        request.catalogs().formats().write(again, file);
        long at = Files.mismatch(file, request.quantized());
        List<Difference> found = ModelDifferences.of(request.catalogs().read(file), quantized);
        boolean onlyBytes = at >= 0 && found.isEmpty();
        Difference byteAt =
            new Difference("byte", Long.toString(at), "is the first that is another");
        return new Verification(
            claims, checks, onlyBytes ? List.of(byteAt) : found, true, at < 0 && found.isEmpty());
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }

  /** Tells whether the file is what it says: it has the same bytes, or another build's content. */
  public boolean holds() {
    return redone && content().isEmpty();
  }

  /** Returns the inputs that were compared with what the file claims, in the order of the steps. */
  public List<HashCheck> checks() {
    return checks;
  }

  /** Returns what of the file differs from what its claim gives. */
  public List<Difference> differences() {
    return differences;
  }

  /** Returns the differences that are no names of builds. */
  private List<Difference> content() {
    return differences.stream().filter(difference -> !namesBuild(difference)).toList();
  }

  /** A build from before there were claims made none, which is no other content. */
  private boolean namesBuild(Difference difference) {
    Set<String> keys = claims.isEmpty() ? ALL : BUILDS;
    return difference.kind().equals("metadata") && keys.contains(difference.name());
  }

  private static Set<String> keys(Predicate<Claim> which) {
    return Arrays.stream(Claim.values())
        .filter(which)
        .map(Claim::key)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Returns what a user must know. */
  public List<Finding> findings() {
    boolean otherBuild =
        !new OctetBuild(claims.get(Claim.VERSION), claims.get(Claim.COMMIT), Optional.empty())
                .equals(here())
            || differences.stream().anyMatch(this::namesBuild);
    return otherBuild
        ? List.of(
            VerifyErrors.OTHER_BUILD.about(
                "The file was made by %s; this is %s.".formatted(maker(), here())))
        : List.of();
  }

  private static OctetBuild here() {
    OctetBuild here = OctetBuild.current();
    return new OctetBuild(here.version(), here.commit(), Optional.empty());
  }

  private String maker() {
    String octet =
        new OctetBuild(claims.get(Claim.VERSION), claims.get(Claim.COMMIT), Optional.empty())
            .toString();
    String version =
        claims.get(Claim.BACKEND_VERSION).map(text -> " with backend version " + text).orElse("");
    return octet + version;
  }

  /** Returns all of it, for people and programs. */
  public Report report() {
    Report report =
        new Report()
            .field("holds", Tree.of(holds()))
            .field("sameBytes", Tree.of(sameBytes))
            .field("checks", Tree.of(checks.stream().map(HashCheck::toTree).toList()))
            .field("differences", Tree.of(differences.stream().map(Difference::toTree).toList()))
            .findings(findings());
    for (HashCheck check : checks) {
      report.line((check.holds() ? "holds    " : "DIFFERS  ") + check);
    }
    content().forEach(difference -> report.line("DIFFERS  " + difference));
    return report.line("").line(verdict());
  }

  private String verdict() {
    if (sameBytes) {
      return "The file is what it says: the same bytes again.";
    }
    if (holds()) {
      return "The file is what it says: the same content again, made by another build.";
    }
    return redone
        ? "The file is not what it says."
        : "The file is not made again: what it came from differs from what it says.";
  }
}
