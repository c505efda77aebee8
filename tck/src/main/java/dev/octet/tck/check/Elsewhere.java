package dev.octet.tck.check;

import java.util.List;
import java.util.Locale;
import java.util.TimeZone;

/**
 * Another place on earth: a default locale and a time zone of the process, which are put back. One
 * at a time, since there is one process.
 *
 * @param locale the default locale
 */
record Elsewhere(Locale locale) {

  private static final String FAR_AWAY = "Pacific/Kiritimati";

  /** Letters that change when they are written small. */
  static Elsewhere turkey() {
    return new Elsewhere(new Locale("tr", "TR"));
  }

  /**
   * Letters that change when they are written small, digits that are not those of ASCII; commas.
   */
  static List<Elsewhere> everywhere() {
    return List.of(
        new Elsewhere(Locale.forLanguageTag("tr-TR-u-nu-arab")), new Elsewhere(Locale.GERMANY));
  }

  /**
   * Does some work there.
   *
   * @param who who works, in words
   * @throws Violation if the locale or the time zone is another one behind it
   */
  void run(String who, Runnable work) {
    synchronized (Elsewhere.class) {
      Locale usual = Locale.getDefault();
      TimeZone zone = TimeZone.getDefault();
      Locale.setDefault(locale);
      TimeZone.setDefault(TimeZone.getTimeZone(FAR_AWAY));
      try {
        work.run();
        requireUntouched(who);
      } finally {
        Locale.setDefault(usual);
        TimeZone.setDefault(zone);
      }
    }
  }

  /** The defaults of the process belong to whoever set them. */
  private void requireUntouched(String who) {
    if (!Locale.getDefault().equals(locale)) {
      throw Violation.of(
          "the %s sets the default locale of the process to %s", who, Locale.getDefault());
    }
    if (!TimeZone.getDefault().getID().equals(FAR_AWAY)) {
      throw Violation.of(
          "the %s sets the default time zone of the process to %s",
          who, TimeZone.getDefault().getID());
    }
  }
}
