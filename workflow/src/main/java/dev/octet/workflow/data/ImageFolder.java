package dev.octet.workflow.data;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.api.image.Extent;
import dev.octet.api.image.ImageDecoder;
import dev.octet.api.image.Pixels;
import dev.octet.api.quantizer.Finding;
import dev.octet.workflow.digest.ContentHash;
import dev.octet.workflow.image.ImageStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A folder of images as samples: uint8, NHWC, red, green, blue, or one channel when all images are
 * grey; a grey image among others has three equal channels. Images are decoded as they are needed,
 * and brought to one size by the steps for images, unless the model takes any. See {@link
 * ImageDecoder} for what is read of a file, and {@link ImageFiles} for which files are.
 */
final class ImageFolder implements Samples {

  private final Path folder;
  private final ImageFiles images;
  private final List<ImageStep> steps;
  private final List<Extent> extents;
  private final List<String> advice;
  private final int channels;
  private final ImageDecoder decoder;

  private ImageFolder(
      Path folder,
      ImageFiles images,
      List<ImageStep> steps,
      List<Extent> extents,
      List<String> advice,
      int channels,
      ImageDecoder decoder) {
    this.decoder = decoder;
    this.folder = folder;
    this.images = images;
    this.steps = steps;
    this.extents = List.copyOf(extents);
    this.advice = advice;
    this.channels = channels;
  }

  /**
   * Lists a folder and looks at the size of every image.
   *
   * @param steps what is done to each image, in this order
   * @param wanted what sizes they are to have
   * @throws OctetException as {@link ImageFiles#of}; {@code OCT-DATA-015} if two images differ in
   *     size after the steps and must not, {@code OCT-DATA-016} for an image that cannot be read,
   *     {@code OCT-DATA-036} for one that a step cannot be done to; as {@link
   *     InstalledDecoder#find}
   */
  static ImageFolder open(Path folder, List<ImageStep> steps, ImageSizes wanted) {
    ImageFiles images = ImageFiles.of(folder);
    ImageDecoder decoder = InstalledDecoder.find();
    Path first = images.files().get(0);
    int channels = 1;
    List<Extent> extents = new ArrayList<>();
    for (Path file : images.files()) {
      ImageDecoder.Header header = header(decoder, file);
      channels = Math.max(channels, header.channels());
      Extent extent = after(file, header.extent(), steps);
      extents.add(extent);
      if (!wanted.mayDiffer() && !extent.equals(extents.get(0))) {
        throw DataErrors.IMAGE_SIZES
            .error("image '" + file + "' is " + extent + ", '" + first + "' is " + extents.get(0))
            .next(
                "Bring all images to one size, for example with the steps "
                    + String.join(", ", wanted.advice())
                    + " before all others.");
      }
    }
    for (ImageStep step : steps) {
      channels = step.channels(channels);
    }
    return new ImageFolder(folder, images, steps, extents, wanted.advice(), channels, decoder);
  }

  private static Extent after(Path file, Extent stored, List<ImageStep> steps) {
    Extent extent = stored;
    for (ImageStep step : steps) {
      Optional<String> obstacle = step.obstacle(extent);
      if (obstacle.isPresent()) {
        throw DataErrors.UNFIT_IMAGE.error("image '" + file + "': " + obstacle.get()).build();
      }
      extent = step.after(extent);
    }
    return extent;
  }

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public String place(int sample) {
    return "'" + images.files().get(sample) + "'";
  }

  @Override
  public DataType type() {
    return DataType.UINT8;
  }

  @Override
  public long[] sizes() {
    Extent first = extents.get(0);
    return new long[] {images.files().size(), first.height(), first.width(), channels};
  }

  @Override
  public long[] sizesOf(int sample) {
    Extent extent = extents.get(sample);
    return new long[] {extent.height(), extent.width(), channels};
  }

  @Override
  public boolean differ() {
    return extents.stream().anyMatch(extent -> !extent.equals(extents.get(0)));
  }

  @Override
  public List<Finding> findings() {
    if (!differ()) {
      return List.of();
    }
    Set<Extent> sizes = new LinkedHashSet<>(extents);
    return List.of(
        DataErrors.UNLIKE_IMAGES.about(
            "The images in '%s' have %s sizes, such as %s and %s, which the model takes as they are"
                    .formatted(folder, sizes.size(), extents.get(0), other())
                + ". Where it was trained on images of one size, bring them to that with steps,"
                + " such as "
                + String.join(", ", advice)
                + "."));
  }

  private Extent other() {
    return extents.stream().filter(e -> !e.equals(extents.get(0))).findFirst().orElseThrow();
  }

  @Override
  public String axes() {
    return "NHWC";
  }

  @Override
  public boolean ofImages() {
    return true;
  }

  @Override
  public Optional<ClassFolders> classes() {
    return images.classes();
  }

  @Override
  public Values read(int from, int count) {
    Extent extent = extents.get(from);
    int each = DataErrors.arraySize((long) extent.height() * channels, extent.width(), place(from));
    long[] elements = new long[DataErrors.arraySize(count, each, place(from))];
    for (int i = 0; i < count; i++) {
      byte[] levels = levels(from + i);
      for (int k = 0; k < each; k++) {
        elements[i * each + k] = levels[k] & 0xff;
      }
    }
    return new Values.Integers(DataType.UINT8, elements);
  }

  private byte[] levels(int sample) {
    Path file = images.files().get(sample);
    Pixels image = pixels(file);
    for (ImageStep step : steps) {
      image = step.apply(image);
    }
    if (!image.extent().equals(extents.get(sample))) {
      throw unreadable(file, "it changed while it was in use").build();
    }
    return image.inChannels(channels).levels();
  }

  @Override
  public void addTo(ContentHash hash) {
    hash.number(images.files().size());
    for (Path image : images.files()) {
      try {
        hash.bytes(Files.readAllBytes(image));
      } catch (IOException e) {
        throw unreadable(image, e);
      }
    }
  }

  @Override
  public void close() {
    // Every file is closed as soon as it is read.
  }

  private static ImageDecoder.Header header(ImageDecoder decoder, Path file) {
    try {
      return decoder.header(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private Pixels pixels(Path file) {
    try {
      return decoder.read(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static OctetException.Builder unreadable(Path file, String why) {
    return DataErrors.IMAGE_UNREADABLE.error("image '" + file + "' cannot be read: " + why);
  }

  private static OctetException unreadable(Path file, IOException cause) {
    return unreadable(file, String.valueOf(cause.getMessage())).cause(cause).build();
  }
}
