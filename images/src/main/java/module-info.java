/** Reads files of images for folders of them. */
module dev.octet.images {
  requires java.desktop;
  requires transitive dev.octet.api;
  // Its decoder of WebP; an image of the runtime need not have it.
  requires static com.twelvemonkeys.imageio.webp;
  requires static com.google.auto.service;
  requires static org.jspecify;

  exports dev.octet.images;

  provides dev.octet.api.image.ImageDecoder with
      dev.octet.images.JdkImageDecoder;
}
