package dev.octet.kernels.image;

import dev.octet.api.graph.Dimension;
import dev.octet.api.graph.Node;
import dev.octet.api.graph.ValueType.TensorType;
import dev.octet.kernels.array.ArrayType;
import dev.octet.kernels.compile.KernelDataException;
import dev.octet.kernels.compile.Preparation;
import dev.octet.kernels.real.RealKernel;
import dev.octet.kernels.real.RealOperands;
import dev.octet.kernels.shape.Dimensions;
import dev.octet.kernels.shape.ShapeContext;
import dev.octet.kernels.shape.ShapeMismatchException;
import dev.octet.kernels.thread.Workers;
import java.util.List;
import java.util.Optional;

/**
 * RoiAlign of {@code [N, C, height, width]}: each region of the image that its batch index names is
 * divided into cells, each cell into points, and a cell becomes the mean of its points' bilinear
 * values, or the largest of the four weighed neighbours of any point. In double, point by point;
 * rounded once. Points further than 1 outside count as 0.
 */
final class RoiAlign implements RealKernel.Body {

  /** Before this operator set pixels are not taken for squares around their position. */
  private static final int WITH_HALF_PIXELS = 16;

  /** Points of one cell along an axis; a region that needs more is no region of an image. */
  private static final double MOST_POINTS = 1 << 14;

  /** Points of one cell along an axis that a node may state. */
  private static final long LARGEST_RATIO = 1 << 10;

  private final ArrayType x;
  private final int outHeight;
  private final int outWidth;
  private final int ratio;
  private final double scale;
  private final double offset;
  private final boolean largest;

  private RoiAlign(Preparation preparation) {
    Node node = preparation.node();
    this.x = preparation.operand(0);
    this.outHeight = preparation.result(0).size(2);
    this.outWidth = preparation.result(0).size(3);
    this.ratio = (int) node.intAttribute("sampling_ratio", 0);
    this.scale = node.floatAttribute("spatial_scale", 1f);
    boolean half =
        preparation.opset() >= WITH_HALF_PIXELS
            && node.stringAttribute("coordinate_transformation_mode", "half_pixel")
                .equals("half_pixel");
    this.offset = half ? 0.5 : 0;
    this.largest = node.stringAttribute("mode", "avg").equals("max");
  }

  static RealKernel.Body prepare(Preparation preparation) {
    return new RoiAlign(preparation);
  }

  static List<Optional<TensorType>> shape(ShapeContext context) {
    Node node = context.node();
    String mode = node.stringAttribute("mode", "avg");
    long height = node.intAttribute("output_height", 1);
    long width = node.intAttribute("output_width", 1);
    long ratio = node.intAttribute("sampling_ratio", 0);
    if (height < 1 || width < 1 || ratio < 0 || ratio > LARGEST_RATIO) {
      throw new ShapeMismatchException(
          "cells of " + height + " x " + width + " with " + ratio + " points along an axis");
    }
    if (!mode.equals("avg") && !mode.equals("max")) {
      throw new ShapeMismatchException("'" + mode + "' is no mode of a RoiAlign");
    }
    context.requireRank(0, 4, 4);
    if (context
        .dimensions(0)
        .filter(d -> Dimensions.is(d.get(2), 0) || Dimensions.is(d.get(3), 0))
        .isPresent()) {
      throw new ShapeMismatchException("regions of an image without pixels");
    }
    context.requireRank(2, 1, 1);
    Dimension regions = context.dimensions(2).map(d -> d.get(0)).orElse(Dimensions.unknown());
    context.requireSizes(1, regions, Dimension.of(4));
    Dimension channels = context.dimensions(0).map(d -> d.get(1)).orElse(Dimensions.unknown());
    return ShapeContext.resultOf(
        context.dataType(0),
        Optional.of(List.of(regions, channels, Dimension.of(height), Dimension.of(width))));
  }

  @Override
  public void run(RealOperands operands, double[][] results, Workers workers) {
    double[] values = operands.reals(0);
    double[] regions = operands.reals(1);
    long[] images = operands.integers(2);
    for (int region = 0; region < images.length; region++) {
      if (images[region] < 0 || images[region] >= x.size(0)) {
        throw new KernelDataException("image " + images[region] + " of " + x.size(0));
      }
      for (int c = 0; c < x.size(1); c++) {
        int channel = (int) images[region] * x.size(1) + c;
        int to = (region * x.size(1) + c) * outHeight * outWidth;
        cells(values, channel, regions, region * 4, results[0], to);
      }
    }
  }

  private void cells(double[] values, int channel, double[] regions, int at, double[] y, int to) {
    double left = regions[at] * scale - offset;
    double top = regions[at + 1] * scale - offset;
    double height = extent(regions[at + 3] * scale - offset - top) / outHeight;
    double width = extent(regions[at + 2] * scale - offset - left) / outWidth;
    for (int cell = 0; cell < outHeight * outWidth; cell++) {
      int line = cell / outWidth;
      double cellTop = top + line * height;
      double cellLeft = left + cell % outWidth * width;
      y[to + cell] = cell(values, channel, cellTop, cellLeft, height, width);
    }
  }

  private double extent(double stated) {
    return offset == 0 ? Math.max(stated, 1) : stated;
  }

  private int points(double extent) {
    if (!(extent < MOST_POINTS)) {
      throw new KernelDataException("a region of " + extent + " pixels to a cell");
    }
    return ratio > 0 ? ratio : (int) Math.max(0, Math.ceil(extent));
  }

  private double cell(
      double[] values, int channel, double top, double left, double height, double width) {
    int rows = points(height);
    int columns = points(width);
    double sum = 0;
    double most = rows * columns == 0 ? 0 : Double.NEGATIVE_INFINITY;
    for (int i = 0; i < rows * columns; i++) {
      int line = i / columns;
      double row = top + (line + 0.5) * height / rows;
      double column = left + (i % columns + 0.5) * width / columns;
      double[] parts = parts(values, channel, row, column);
      sum += parts[0] + parts[1] + parts[2] + parts[3];
      most = Math.max(most, Math.max(Math.max(parts[0], parts[1]), Math.max(parts[2], parts[3])));
    }
    return largest ? most : sum / Math.max(1, rows * columns);
  }

  /** The four neighbours of a point, each times its weight. */
  private double[] parts(double[] values, int channel, double row, double column) {
    int height = x.size(2);
    int width = x.size(3);
    if (!(row >= -1 && row <= height && column >= -1 && column <= width)) {
      return new double[4];
    }
    double r = Math.max(0, Math.min(height - 1, row));
    double c = Math.max(0, Math.min(width - 1, column));
    int low = (int) r;
    int first = (int) c;
    int high = Math.min(low + 1, height - 1);
    int second = Math.min(first + 1, width - 1);
    int begin = channel * height * width;
    return new double[] {
      (1 - (r - low)) * (1 - (c - first)) * values[begin + low * width + first],
      (1 - (r - low)) * (c - first) * values[begin + low * width + second],
      (r - low) * (1 - (c - first)) * values[begin + high * width + first],
      (r - low) * (c - first) * values[begin + high * width + second]
    };
  }
}
