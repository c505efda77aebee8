/** Files of images. Nothing outside of this package knows {@code java.desktop} or a decoder. */
@NullMarked
package dev.octet.images;

import org.jspecify.annotations.NullMarked;
