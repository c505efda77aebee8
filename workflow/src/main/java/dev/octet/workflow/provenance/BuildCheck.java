package dev.octet.workflow.provenance;

import dev.octet.api.error.OctetException;
import dev.octet.api.provider.ProviderBuild;
import dev.octet.api.quantizer.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Compares the builds of a backend that are recorded in a file with the one that is there. A
 * vendor's jar must be the same, by its hash; Octet's own backends go by their version, and another
 * one is a finding.
 *
 * @param backend the name of the backend
 * @param present the build that is there
 * @param accepted whether another jar of a vendor may go on
 */
public record BuildCheck(String backend, ProviderBuild present, boolean accepted) {

  /**
   * Compares.
   *
   * @param file what the file is, such as {@code plan}
   * @param recorded the builds that made it
   * @return what a user must know
   * @throws OctetException {@code OCT-PROV-001} if it is another jar of a vendor and not accepted
   */
  public List<Finding> of(String file, Collection<BackendBuild> recorded) {
    if (recorded.isEmpty()) {
      return present.isOctets() ? List.of() : List.of(notRecorded(file));
    }
    List<Finding> findings = new ArrayList<>();
    for (BackendBuild build : recorded) {
      Optional<Finding> difference =
          byHash(build) ? otherJar(file, build) : otherVersion(file, build);
      difference.ifPresent(findings::add);
    }
    return findings;
  }

  private boolean byHash(BackendBuild build) {
    return !present.isOctets() && build.sha256().isPresent() && present.sha256().isPresent();
  }

  private Optional<Finding> otherJar(String file, BackendBuild build) {
    if (build.sha256().equals(present.sha256())) {
      return Optional.empty();
    }
    String fact =
        "another jar of backend '"
            + backend
            + "' made the "
            + file
            + ": "
            + build
            + "; this one is "
            + BackendBuild.of(present);
    if (!accepted) {
      throw ProvenanceErrors.OTHER_JAR.error(fact).build();
    }
    return Optional.of(ProvenanceErrors.OTHER_ACCEPTED.about("As asked for, " + fact + "."));
  }

  private Optional<Finding> otherVersion(String file, BackendBuild build) {
    return build
        .version()
        .flatMap(
            made ->
                present
                    .version()
                    .filter(here -> !here.equals(made))
                    .map(here -> otherVersion(file, made, here)));
  }

  private Finding otherVersion(String file, String made, String here) {
    return ProvenanceErrors.OTHER_VERSION.about(
        "Version "
            + made
            + " of backend '"
            + backend
            + "' made the "
            + file
            + "; this one is "
            + here
            + ". Make it again where they decide differently.");
  }

  private Finding notRecorded(String file) {
    return ProvenanceErrors.NOT_RECORDED.about(
        "The "
            + file
            + " does not say which jar of backend '"
            + backend
            + "' made it; whether it was this one is not known.");
  }
}
