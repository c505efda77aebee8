package dev.octet.structure;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.octet.api.error.ErrorId;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.quantizer.FindingId;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The lists of errors and findings of every module: classes with constants of ids. */
final class ErrorLists {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.octet");

  private ErrorLists() {}

  /**
   * One constant of a list.
   *
   * @param id its id
   * @param kind the kind of an error or the severity of a finding, in lower case
   * @param meaning what is wrong
   * @param nextStep what to do
   * @param field the constant
   */
  record Entry(String id, String kind, String meaning, String nextStep, JavaField field) {

    /** Returns owner and area of the id, such as {@code OCT-PLAN}. */
    String area() {
      return id.substring(0, id.lastIndexOf('-'));
    }
  }

  /** Returns the constants of all lists, by id. */
  static List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      for (JavaField field : type.getFields()) {
        JavaClass of = field.getRawType();
        if (field.getModifiers().contains(JavaModifier.STATIC)
            && (of.isEquivalentTo(ErrorId.class) || of.isEquivalentTo(FindingId.class))) {
          entries.add(entry(field));
        }
      }
    }
    entries.sort(Comparator.comparing(Entry::id).thenComparing(e -> e.field().getFullName()));
    return entries;
  }

  /** Returns where a constant is read: methods with their lines. */
  static List<String> places(Entry entry) {
    return entry.field().getAccessesToSelf().stream()
        .filter(access -> access.getAccessType() == JavaFieldAccess.AccessType.GET)
        .map(access -> access.getOrigin().getFullName() + ":" + access.getLineNumber())
        .sorted()
        .toList();
  }

  private static Entry entry(JavaField field) {
    Object value = value(field);
    if (value instanceof ErrorId error) {
      return new Entry(error.text(), word(error.kind()), error.meaning(), error.nextStep(), field);
    }
    FindingId finding = (FindingId) value;
    Finding.Severity severity = finding.severity();
    return new Entry(finding.text(), word(severity), finding.meaning(), finding.nextStep(), field);
  }

  private static Object value(JavaField field) {
    try {
      Field constant = field.reflect();
      constant.setAccessible(true);
      return constant.get(null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(field.getFullName() + " cannot be read", e);
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
