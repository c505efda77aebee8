package dev.octet.api.image;

import dev.octet.api.provider.NamedService;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads files of images, as a service: Octet's own is {@code octet-images}. One program has one, so
 * that an image has the same levels wherever it is read.
 *
 * <p>Implementations keep the contract of {@link NamedService} and are registered with {@link
 * java.util.ServiceLoader}. An image is seen as its Exif data says; one with more than {@link
 * Extent#MOST_PIXELS} is refused before its levels are read.
 */
public interface ImageDecoder extends NamedService {

  /**
   * What is known of an image without its levels.
   *
   * @param extent how large it is as it is seen
   * @param channels 1 or 3
   */
  record Header(Extent extent, int channels) {}

  /**
   * Reads how large an image is.
   *
   * @throws IOException if the file cannot be read; the message says why in words
   */
  Header header(Path file) throws IOException;

  /**
   * Reads an image.
   *
   * @throws IOException if the file cannot be read, is damaged or cut off; the message says why
   */
  Pixels read(Path file) throws IOException;
}
