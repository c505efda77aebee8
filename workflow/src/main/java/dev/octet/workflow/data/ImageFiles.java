package dev.octet.workflow.data;

import dev.octet.api.error.OctetException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The images of a folder, in the order of their names, compared character by character. Where the
 * folder holds folders, each of those is a class, and the images come class by class.
 *
 * <p>What starts with a dot is not looked at, and files that do not end like an image are left out.
 * Links are followed.
 *
 * @param files the files
 * @param classes the folders of the classes; empty where the images lie in the folder itself
 */
record ImageFiles(List<Path> files, Optional<ClassFolders> classes) {

  private static final Set<String> ENDINGS = Set.of("png", "jpg", "jpeg", "bmp", "gif", "webp");

  private static final int DEEPEST = 2;

  /** What is surely an image, and would be missed if it were left out without a word. */
  private static final Set<String> OTHER_ENDINGS =
      Set.of("tif", "tiff", "heic", "heif", "avif", "jp2", "jxl", "ppm", "pgm", "tga", "svg");

  /**
   * Lists a folder.
   *
   * @throws OctetException {@code OCT-DATA-028} if a folder cannot be read, {@code OCT-DATA-016}
   *     for a link that leads nowhere and an image of a format that is not read, {@code
   *     OCT-DATA-017} if there are no images or images beside folders of images, {@code
   *     OCT-DATA-035} if the folder of a class holds folders
   */
  static ImageFiles of(Path folder) {
    List<Path> entries = entries(folder);
    List<Path> own = images(entries);
    List<Path> folders = folders(folder);
    List<Path> files = new ArrayList<>(own);
    List<Integer> classes = new ArrayList<>();
    for (int i = 0; i < folders.size(); i++) {
      List<Path> members =
          own.isEmpty() ? members(folders.get(i)) : images(entries(folders.get(i)));
      if (!own.isEmpty() && !members.isEmpty()) {
        throw noImages(folder, "holds images beside folders of images");
      }
      files.addAll(members);
      for (int k = 0; k < members.size(); k++) {
        classes.add(i);
      }
    }
    if (files.isEmpty()) {
      throw noImages(folder, "holds no images");
    }
    List<String> names = folders.stream().map(ImageFiles::name).toList();
    int[] samples = classes.stream().mapToInt(Integer::intValue).toArray();
    return new ImageFiles(
        List.copyOf(files),
        own.isEmpty() ? Optional.of(new ClassFolders(names, samples)) : Optional.empty());
  }

  /** Tells whether images lie in a folder, or in folders in it, at most {@link #DEEPEST} down. */
  static boolean areIn(Path folder) {
    return areIn(folder, DEEPEST);
  }

  private static boolean areIn(Path folder, int levels) {
    return Files.isReadable(folder)
        && (entries(folder).stream().anyMatch(ImageFiles::isNamedLikeAnImage)
            || (levels > 0 && folders(folder).stream().anyMatch(f -> areIn(f, levels - 1))));
  }

  private static List<Path> folders(Path folder) {
    return entries(folder).stream().filter(Files::isDirectory).toList();
  }

  /** Tells whether a file that exists is named like an image that is read. */
  static boolean isNamedLikeAnImage(Path file) {
    return Files.isRegularFile(file) && ENDINGS.contains(ending(file));
  }

  /** Returns what stands behind the last dot, in lower case; nothing without a dot. */
  private static String ending(Path file) {
    String name = name(file).toLowerCase(Locale.ROOT);
    return name.contains(".") ? name.substring(name.lastIndexOf('.') + 1) : "";
  }

  private static List<Path> members(Path folder) {
    List<Path> entries = entries(folder);
    for (Path entry : entries) {
      if (Files.isDirectory(entry)) {
        throw DataErrors.NESTED_FOLDERS
            .error("folder '" + entry + "' lies in '" + folder + "', which would be one class")
            .next(
                "If the folders in '"
                    + folder
                    + "' are the classes, write 'file: "
                    + folder.getFileName()
                    + "' behind the path that you gave; else put the images into one folder for"
                    + " each class.");
      }
    }
    return images(entries);
  }

  private static List<Path> images(List<Path> entries) {
    return entries.stream().filter(ImageFiles::isImage).toList();
  }

  private static boolean isImage(Path file) {
    String ending = ending(file);
    boolean read = ENDINGS.contains(ending);
    if (Files.isDirectory(file) || !(read || OTHER_ENDINGS.contains(ending))) {
      return false;
    }
    if (!read) {
      throw ImageFolder.unreadable(file, "files that end in ." + ending + " are not read")
          .next("Save it as PNG, JPEG or WebP, or take it out of the folder.");
    }
    if (!Files.exists(file)) {
      throw ImageFolder.unreadable(file, "it is a link that leads nowhere").build();
    }
    return Files.isRegularFile(file);
  }

  private static List<Path> entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> !name(entry).startsWith("."))
          .sorted(Comparator.comparing(ImageFiles::name))
          .toList();
    } catch (IOException e) {
      throw DataErrors.unreadable(folder, e);
    }
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private static OctetException noImages(Path folder, String fact) {
    return DataErrors.NO_IMAGES.error("folder '" + folder + "' " + fact).build();
  }
}
