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
import java.util.List;
import java.util.Optional;

/** The files of a report in a folder. */
public final class ReportFiles {

  private static final String REPORT = "report.json";
  private static final String PAGE = "report.html";
  private static final String TESTS = "junit.xml";
  private static final String CERTIFICATE = "certificate.json";

  private ReportFiles() {}

  /**
   * Tries whether the files can be written, before there is anything to write.
   *
   * @param folder need not exist
   * @throws IOException if one cannot; the reason is that of a {@link
   *     java.nio.file.FileSystemException}
   */
  public static void requireWritable(Path folder) throws IOException {
    WholeFile.requireWritableFolder(folder);
    if (Files.isDirectory(folder)) {
      for (String name : List.of(REPORT, PAGE, TESTS, CERTIFICATE)) {
        WholeFile.requireWritable(folder.resolve(name));
      }
    }
  }

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
    WholeFile.write(folder.resolve(REPORT), JsonText.toBytes(ReportTree.of(report)));
    text(folder.resolve(PAGE), HtmlPage.of(report));
    text(folder.resolve(TESTS), JunitXml.of(report));
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
