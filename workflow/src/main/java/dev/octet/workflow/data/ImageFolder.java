package dev.octet.workflow.data;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.DataType;
import dev.octet.workflow.digest.ContentHash;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of images as samples: uint8, NHWC, red, green, blue, or one channel when all images are
 * grey. Transparency is dropped. Images are decoded as they are needed.
 *
 * <p>The files are taken in the order of their names, compared character by character. When the
 * folder holds folders instead of images, each of those is a class, counted from 0 in the same
 * order, and the images come class by class. Files that do not end like an image are left out.
 */
final class ImageFolder implements Samples {

  private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "bmp", "gif");

  private final Path folder;
  private final List<Path> images;
  private final Optional<int[]> classes;
  private final Size size;

  private ImageFolder(Path folder, List<Path> images, Optional<int[]> classes, Size size) {
    this.folder = folder;
    this.images = images;
    this.classes = classes;
    this.size = size;
  }

  private record Size(int height, int width, int channels) {
    @Override
    public String toString() {
      return height + " x " + width + (channels == 1 ? " grey" : " in colour");
    }
  }

  /**
   * Lists a folder and looks at the size of every image.
   *
   * @throws OctetException {@code OCT-DATA-028} if the folder cannot be read, {@code OCT-DATA-015}
   *     if two images differ in size or channels, {@code OCT-DATA-016} for an image that cannot be
   *     read, {@code OCT-DATA-017} if there are no images or images beside folders of images
   */
  static Samples open(Path folder) {
    List<Path> images = new ArrayList<>(images(folder));
    List<Integer> classes = new ArrayList<>();
    List<Path> subfolders = list(folder, Files::isDirectory);
    for (int i = 0; i < subfolders.size(); i++) {
      List<Path> members = images(subfolders.get(i));
      if (!images.isEmpty() && classes.isEmpty() && !members.isEmpty()) {
        throw noImages(folder, "holds images beside folders of images");
      }
      images.addAll(members);
      for (int k = 0; k < members.size(); k++) {
        classes.add(i);
      }
    }
    if (images.isEmpty()) {
      throw noImages(folder, "holds no images");
    }
    int[] labels = classes.stream().mapToInt(Integer::intValue).toArray();
    return new ImageFolder(
        folder,
        images,
        labels.length > 0 ? Optional.of(labels) : Optional.empty(),
        commonSize(images));
  }

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public DataType type() {
    return DataType.UINT8;
  }

  @Override
  public long[] sizes() {
    return new long[] {images.size(), size.height(), size.width(), size.channels()};
  }

  @Override
  public String axes() {
    return "NHWC";
  }

  @Override
  public Optional<int[]> classes() {
    return classes.map(int[]::clone);
  }

  @Override
  public Values read(int from, int count) {
    int each = size.height() * size.width() * size.channels();
    long[] elements = new long[Math.multiplyExact(count, each)];
    for (int i = 0; i < count; i++) {
      decode(images.get(from + i), elements, i * each);
    }
    return new Values.Integers(DataType.UINT8, elements);
  }

  @Override
  public void addTo(ContentHash hash) {
    hash.number(images.size());
    for (Path image : images) {
      try {
        hash.bytes(Files.readAllBytes(image));
      } catch (IOException e) {
        throw unreadable(image, e.toString(), e);
      }
    }
  }

  @Override
  public void close() {
    // Every file is closed as soon as it is read.
  }

  private void decode(Path file, long[] elements, int at) {
    BufferedImage image = read(file);
    if (image.getWidth() != size.width() || image.getHeight() != size.height()) {
      throw unreadable(file, "it changed while it was in use", null);
    }
    int next = at;
    int[] row = new int[size.width()];
    for (int y = 0; y < size.height(); y++) {
      if (size.channels() == 1) {
        // getRGB would convert grey levels from linear light.
        Raster raster = image.getRaster();
        for (int level : raster.getSamples(0, y, size.width(), 1, 0, row)) {
          elements[next++] = level >> Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
        }
      } else {
        for (int rgb : image.getRGB(0, y, size.width(), 1, row, 0, size.width())) {
          elements[next++] = rgb >> 16 & 0xff;
          elements[next++] = rgb >> 8 & 0xff;
          elements[next++] = rgb & 0xff;
        }
      }
    }
  }

  private static BufferedImage read(Path file) {
    try {
      BufferedImage image = ImageIO.read(file.toFile());
      if (image == null) {
        throw unreadable(file, "its content is no known image format", null);
      }
      return image;
    } catch (IOException e) {
      throw unreadable(file, e.toString(), e);
    }
  }

  private static Size commonSize(List<Path> images) {
    Size first = size(images.get(0));
    for (Path image : images) {
      Size other = size(image);
      if (!other.equals(first)) {
        throw DataErrors.IMAGE_SIZES
            .error("image '" + image + "' is " + other + ", '" + images.get(0) + "' is " + first)
            .build();
      }
    }
    return first;
  }

  private static Size size(Path file) {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers =
          in == null ? Arrays.<ImageReader>asList().iterator() : ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw unreadable(file, "its content is no known image format", null);
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in);
        ImageTypeSpecifier type = reader.getImageTypes(0).next();
        int space = type.getColorModel().getColorSpace().getType();
        int channels = space == ColorSpace.TYPE_GRAY ? 1 : 3;
        return new Size(reader.getHeight(0), reader.getWidth(0), channels);
      } finally {
        reader.dispose();
      }
    } catch (IOException e) {
      throw unreadable(file, e.toString(), e);
    }
  }

  private static List<Path> images(Path folder) {
    return list(folder, file -> Files.isRegularFile(file) && hasImageEnding(file));
  }

  private static boolean hasImageEnding(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  private static List<Path> list(Path folder, java.util.function.Predicate<Path> wanted) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .filter(wanted)
          .sorted(Comparator.comparing((Path file) -> file.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw DataErrors.unreadable(folder, e);
    }
  }

  private static OctetException unreadable(Path file, String why, @Nullable Throwable cause) {
    OctetException.Builder error =
        DataErrors.IMAGE_UNREADABLE.error("image '" + file + "' cannot be read: " + why);
    if (cause != null) {
      error.cause(cause);
    }
    return error.next("Replace or remove the image.");
  }

  private static OctetException noImages(Path folder, String fact) {
    return DataErrors.NO_IMAGES.error("folder '" + folder + "' " + fact).build();
  }
}
