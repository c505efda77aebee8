package dev.octet.api.provider;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which version of the API a service was compiled against. The value is always {@link
 * ApiVersion#CURRENT}: the compiler writes the constant of the API that it sees into the class, so
 * that a jar carries the version that it was built for, whatever API it meets later.
 *
 * <pre>{@code
 * @BuiltFor(ApiVersion.CURRENT)
 * public final class AcmeProvider implements QuantizerProvider { ... }
 * }</pre>
 *
 * <p>The catalogues read it before they use the class in any other way. A class without it, and one
 * of a version that does not work with this API ({@link ApiVersion#worksWith}), is refused with
 * {@code OCT-REG-004}. It counts for the class that it stands on alone, because a subclass is
 * compiled at another time.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface BuiltFor {

  /** Returns the version, {@code MAJOR.MINOR}: always {@link ApiVersion#CURRENT}. */
  String value();
}
