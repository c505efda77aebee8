package dev.octet.workflow.data;

import dev.octet.api.error.OctetException;
import dev.octet.api.image.ImageDecoder;
import dev.octet.api.provider.ServiceCatalog;
import java.util.List;
import java.util.function.UnaryOperator;

/** The decoder of images beside this module, on the class path or the module path. */
final class InstalledDecoder {

  private InstalledDecoder() {}

  /**
   * Finds it.
   *
   * @throws OctetException {@code OCT-DATA-045} if there is none, or more than one
   */
  static ImageDecoder find() {
    ServiceCatalog<ImageDecoder> catalog =
        ServiceCatalog.discover(
            ImageDecoder.class,
            "decoder of images",
            UnaryOperator.identity(),
            InstalledDecoder.class.getClassLoader());
    return only(catalog);
  }

  static ImageDecoder only(ServiceCatalog<ImageDecoder> catalog) {
    List<ImageDecoder> found = catalog.services();
    if (found.size() != 1) {
      String fact =
          found.isEmpty()
              ? "there is no decoder of images"
              : "there are several decoders of images: " + String.join(", ", catalog.names());
      throw DataErrors.NO_DECODER
          .error(catalog.firstFailure().map(why -> fact + "; " + why).orElse(fact))
          .build();
    }
    return found.get(0);
  }
}
