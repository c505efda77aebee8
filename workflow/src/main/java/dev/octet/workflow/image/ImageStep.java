package dev.octet.workflow.image;

import dev.octet.api.image.Extent;
import dev.octet.api.image.Pixels;
import java.util.Optional;

/** What is done to an image before its levels are numbers. */
public sealed interface ImageStep {

  /** Returns why this cannot be done to an image; empty when it can. */
  default Optional<String> obstacle(Extent image) {
    return Optional.empty();
  }

  /** Returns how large an image is afterwards. */
  Extent after(Extent image);

  /** Returns how many channels an image has afterwards, 1 or 3. */
  default int channels(int before) {
    return before;
  }

  /** Does it. */
  Pixels apply(Pixels image);

  /**
   * Resizes, whatever becomes of the ratio of the sides.
   *
   * @param size the size
   * @param filter how levels are weighed
   */
  record Resize(Extent size, Filter filter) implements ImageStep {
    @Override
    public Extent after(Extent image) {
      return size;
    }

    @Override
    public Pixels apply(Pixels image) {
      return Resampling.resize(image, size, filter);
    }
  }

  /**
   * Resizes so that the shorter side has a length and the ratio of the sides stays: the other one
   * becomes {@code floor(length * longer / shorter)}, as torchvision has it.
   *
   * @param length the length
   * @param filter how levels are weighed
   */
  record ResizeShorter(int length, Filter filter) implements ImageStep {
    @Override
    public Extent after(Extent image) {
      return image.height() <= image.width()
          ? new Extent(length, scaled(image.width(), image.height()))
          : new Extent(scaled(image.height(), image.width()), length);
    }

    @Override
    public Optional<String> obstacle(Extent image) {
      Extent size = after(image);
      return size.isTooLarge()
          ? Optional.of("it is " + image + " and would become " + size)
          : Optional.empty();
    }

    private int scaled(int longer, int shorter) {
      return (int) Math.min(Integer.MAX_VALUE, (long) length * longer / shorter);
    }

    @Override
    public Pixels apply(Pixels image) {
      return Resampling.resize(image, after(image.extent()), filter);
    }
  }

  /**
   * Keeps the middle; of an odd rest the smaller half is cut off above and on the left.
   *
   * @param size what is kept
   */
  record CenterCrop(Extent size) implements ImageStep {
    @Override
    public Optional<String> obstacle(Extent image) {
      return image.height() < size.height() || image.width() < size.width()
          ? Optional.of("it is " + image + " where " + size + " is to be cut out of it")
          : Optional.empty();
    }

    @Override
    public Extent after(Extent image) {
      return size;
    }

    @Override
    public Pixels apply(Pixels image) {
      int top = (image.extent().height() - size.height()) / 2;
      int left = (image.extent().width() - size.width()) / 2;
      return image.part(top, left, size);
    }
  }

  /**
   * Resizes to the largest size that fits into a frame with the ratio of the sides kept, and puts
   * the image into the middle of the frame. The side that does not fill it becomes {@code side *
   * frame / other side}, rounded to the nearest, ties to even, at least 1; of an odd rest the
   * smaller half is above and on the left.
   *
   * @param frame the size
   * @param fill the level around the image, 0 to 255
   * @param filter how levels are weighed
   */
  record Letterbox(Extent frame, int fill, Filter filter) implements ImageStep {
    @Override
    public Extent after(Extent image) {
      return frame;
    }

    @Override
    public Pixels apply(Pixels image) {
      Extent inner = inner(image.extent());
      int top = (frame.height() - inner.height()) / 2;
      int left = (frame.width() - inner.width()) / 2;
      return Resampling.resize(image, inner, filter).on(frame, fill, top, left);
    }

    private Extent inner(Extent image) {
      long byWidth = (long) image.height() * frame.width();
      long byHeight = (long) image.width() * frame.height();
      return byWidth <= byHeight
          ? new Extent(rounded(byWidth, image.width()), frame.width())
          : new Extent(frame.height(), rounded(byHeight, image.height()));
    }

    private static int rounded(long product, int divisor) {
      long whole = product / divisor;
      long twice = 2 * (product % divisor);
      boolean up = twice > divisor || (twice == divisor && whole % 2 == 1);
      return (int) Math.max(1, up ? whole + 1 : whole);
    }
  }

  /**
   * Brings the image to a number of channels, see {@link Pixels#inChannels}.
   *
   * @param channels 1 or 3
   */
  record Channels(int channels) implements ImageStep {
    @Override
    public int channels(int before) {
      return channels;
    }

    @Override
    public Extent after(Extent image) {
      return image;
    }

    @Override
    public Pixels apply(Pixels image) {
      return image.inChannels(channels);
    }
  }
}
