package dev.octet.tck.report;

import dev.octet.api.file.WholeFile;
import dev.octet.api.tree.Tree;
import dev.octet.tck.verdict.TckReport;
import dev.octet.workflow.text.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** The files of a report in a folder. */
public final class ReportFiles {

  private static final String CERTIFICATE = "certificate.json";

  private ReportFiles() {}

  /**
   * Writes report.json, report.html and junit.xml, and certificate.json when the run proves that
   * the backend conforms; an old certificate goes when it does not.
   *
   * @param folder is made where it is missing
   * @param when the date of the certificate; nothing else has a time
   * @throws IOException if a file cannot be written
   */
  public static void write(TckReport report, Path folder, Instant when) throws IOException {
    Files.createDirectories(folder);
    WholeFile.write(folder.resolve("report.json"), JsonText.toBytes(ReportTree.of(report)));
    text(folder.resolve("report.html"), HtmlPage.of(report));
    text(folder.resolve("junit.xml"), JunitXml.of(report));
    Optional<Tree.Mapping> certificate = Certificate.of(report, when);
    if (certificate.isPresent()) {
      WholeFile.write(folder.resolve(CERTIFICATE), JsonText.toBytes(certificate.get()));
    } else {
      Files.deleteIfExists(folder.resolve(CERTIFICATE));
    }
  }

  private static void text(Path file, String text) throws IOException {
    WholeFile.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
