package dev.octet.tck.broken;

import dev.octet.api.observer.ChannelLayout;
import dev.octet.api.observer.ChannelStatistics;
import dev.octet.api.observer.Extremes;
import dev.octet.api.observer.ObserverDescriptor;
import dev.octet.api.observer.ObserverKind;
import dev.octet.api.observer.Range;
import dev.octet.api.provider.QuantizerProvider;
import dev.octet.api.spec.DerivationContext;
import dev.octet.api.spec.DerivationKind;
import dev.octet.api.spec.ScaleGridKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Backends whose observers, scale grids or derivations are wrong. */
final class WrongObservers {

  /** Of units of 2^-149: what is left is in units of 2^-22. */
  private static final int UNKEPT = 127;

  private WrongObservers() {}

  private static Supplier<QuantizerProvider> with(Supplier<ObserverKind> kind) {
    return () ->
        new Acme() {
          @Override
          public List<ObserverKind> observers() {
            return List.of(kind.get());
          }
        };
  }

  static List<WrongBackend> all() {
    List<WrongBackend> all = new ArrayList<>();
    all.addAll(counts());
    all.addAll(sums());
    all.addAll(states());
    all.addAll(ranges());
    all.addAll(memories());
    all.addAll(descriptors());
    all.addAll(gridsAndDerivations());
    return all;
  }

  private static Extremes within(Extremes whole, float min, float max) {
    return new Extremes(min, max, whole.finite(), whole.nan(), whole.infinite());
  }

  private static List<WrongBackend> counts() {
    return List.of(
        new WrongBackend(
            "TCK-OBS-001",
            "passes over the last value of a call",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected Kept kept(float[] data, int from, ChannelLayout layout, int c) {
                        Kept right = super.kept(data, from, layout, c);
                        if (layout.channels() > 1 || right.finite() < 2) {
                          return right;
                        }
                        ChannelLayout shorter = ChannelLayout.perTensor(layout.count() - 1);
                        Extremes without = Extremes.of(data, from, shorter, 0);
                        Extremes fewer = within(right.extremes(), without.min(), without.max());
                        return new Kept(fewer, right.sum());
                      }
                    }),
            "says that it saw"),
        new WrongBackend(
            "TCK-OBS-001",
            "counts values that it did not see",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected Kept kept(float[] data, int from, ChannelLayout layout, int c) {
                        return new Kept(
                            Extremes.of(data, 0, ChannelLayout.perTensor(data.length), 0),
                            BigInteger.ONE);
                      }
                    }),
            "of which its statistics count"),
        new WrongBackend(
            "TCK-OBS-001",
            "takes the elements of one channel for neighbours",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected Kept kept(float[] data, int from, ChannelLayout layout, int c) {
                        int each = layout.outer() * layout.inner();
                        ChannelLayout neighbours = new ChannelLayout(1, layout.channels(), each);
                        return super.kept(data, from, neighbours, c);
                      }
                    }),
            "says that it saw"),
        new WrongBackend(
            "TCK-OBS-001",
            "counts a NaN as an infinity",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected Kept kept(float[] data, int from, ChannelLayout layout, int c) {
                        Kept right = super.kept(data, from, layout, c);
                        Extremes e = right.extremes();
                        return new Kept(
                            new Extremes(e.min(), e.max(), e.finite(), 0, e.infinite() + e.nan()),
                            right.sum());
                      }
                    }),
            "nan="),
        new WrongBackend(
            "TCK-OBS-001",
            "turns values of the array into their absolute values",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected Kept kept(float[] data, int from, ChannelLayout layout, int c) {
                        Kept right = super.kept(data, from, layout, c);
                        for (int i = from; i < from + layout.count(); i++) {
                          data[i] = c == layout.channels() - 1 ? Math.abs(data[i]) : data[i];
                        }
                        return right;
                      }
                    }),
            "changes the array"));
  }

  private static List<WrongBackend> sums() {
    return List.of(
        new WrongBackend(
            "TCK-OBS-002",
            "forgets what is counted of a part without a finite value",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected Kept added(Kept a, Kept b) {
                        return a.finite() == 0 && a.count() < 2 ? b : super.added(a, b);
                      }
                    }),
            "of which its statistics count"),
        new WrongBackend(
            "TCK-OBS-002",
            "takes the sum of the part that is longer",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected Kept added(Kept a, Kept b) {
                        Kept right = super.added(a, b);
                        return a.finite() > 30 && b.finite() > 30 && !a.equals(b)
                            ? new Kept(right.extremes(), a.sum().max(b.sum()))
                            : right;
                      }
                    }),
            "keeps"),
        new WrongBackend(
            "TCK-OBS-002",
            "rounds each sum to float32",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected Kept added(Kept a, Kept b) {
                        Kept right = super.added(a, b);
                        return new Kept(right.extremes(), rounded(right.sum()));
                      }

                      @Override
                      protected Kept repeated(Kept kept, long times) {
                        Kept right = super.repeated(kept, times);
                        return new Kept(right.extremes(), rounded(right.sum()));
                      }
                    }),
            "all values in one call"),
        new WrongBackend(
            "TCK-OBS-002",
            "repeats the counts and not the sum",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected Kept repeated(Kept kept, long times) {
                        return new Kept(super.repeated(kept, times).extremes(), kept.sum());
                      }
                    }),
            "statistics added to themselves"),
        new WrongBackend(
            "TCK-OBS-002",
            "keeps a value of each call",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected Kept kept(float[] data, int from, ChannelLayout layout, int c) {
                        Kept right = super.kept(data, from, layout, c);
                        return new Kept(
                            right.extremes(), right.sum().shiftRight(120).shiftLeft(120));
                      }
                    }),
            "in one call"));
  }

  private static BigInteger rounded(BigInteger sum) {
    int excess = Math.max(0, sum.bitLength() - 24);
    return sum.shiftRight(excess).shiftLeft(excess);
  }

  private static List<WrongBackend> states() {
    return List.of(
        new WrongBackend(
            "TCK-OBS-003",
            "writes the sum without its lowest bits",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected String text(BigInteger sum) {
                        return super.text(sum.shiftRight(UNKEPT));
                      }

                      @Override
                      protected BigInteger sum(String text) {
                        return super.sum(text).shiftLeft(UNKEPT);
                      }
                    }),
            "restored from their state do not equal them"),
        new WrongBackend(
            "TCK-OBS-003",
            "writes the sum without its lowest bits, and does not compare it",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected String text(BigInteger sum) {
                        return new BigDecimal(sum)
                            .round(new java.math.MathContext(6))
                            .toBigInteger()
                            .toString(16);
                      }

                      @Override
                      protected boolean areEqual(Kept a, Kept b) {
                        return a.extremes().equals(b.extremes());
                      }
                    }),
            "through the file"));
  }

  private static List<WrongBackend> ranges() {
    return List.of(
        new WrongBackend(
            "TCK-OBS-004",
            "gives a range that ends one step too early",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected Range range(Kept kept, float twice) {
                        float step = (kept.max() - kept.min()) / 255;
                        return new Range(kept.min(), kept.max() - step);
                      }
                    }),
            "half of what was seen"),
        new WrongBackend(
            "TCK-OBS-004",
            "loses the sign of what it saw",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected Range range(Kept kept, float twice) {
                        return new Range(0, Math.max(Math.abs(kept.min()), Math.abs(kept.max())));
                      }
                    }),
            "half of what was seen"),
        new WrongBackend(
            "TCK-OBS-004",
            "divides zero by zero where all values are zero",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected Range range(Kept kept, float twice) {
                        float factor = Math.min(1, twice / Math.max(kept.max(), -kept.min()));
                        return new Range(kept.min() * factor, kept.max() * factor);
                      }
                    }),
            "is no finite range"),
        new WrongBackend(
            "TCK-OBS-004",
            "gives a range of a thousand times what it saw",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected Range range(Kept kept, float twice) {
                        return twice < 1e30f
                            ? new Range(-1000 * twice, 1000 * twice)
                            : new Range(-twice, twice);
                      }
                    }),
            "half of what was seen"));
  }

  private static List<WrongBackend> memories() {
    return List.of(
        new WrongBackend(
            "TCK-OBS-005",
            "keeps the channels for all observers of the kind",
            () ->
                new Acme() {
                  private final MeanObserver kind =
                      new MeanObserver() {
                        private final List<Kept> shared = new ArrayList<>();

                        @Override
                        protected List<Kept> channels() {
                          return shared;
                        }
                      };

                  @Override
                  public List<ObserverKind> observers() {
                    return List.of(kind);
                  }
                },
            "of which its statistics count"),
        new WrongBackend(
            "TCK-OBS-005",
            "adds what the observer before it saw",
            with(
                () ->
                    new MeanObserver() {
                      private BigInteger carried = BigInteger.ZERO;

                      @Override
                      protected Kept kept(float[] data, int from, ChannelLayout layout, int c) {
                        Kept right = super.kept(data, from, layout, c);
                        BigInteger before = carried;
                        carried = right.sum();
                        return new Kept(right.extremes(), right.sum().add(before));
                      }
                    }),
            "after another observer of the kind"),
        new WrongBackend(
            "TCK-OBS-005",
            "begins with one channel",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected List<ChannelStatistics> given(List<Kept> channels) {
                        return channels.isEmpty() ? List.of(Extremes.NONE) : super.given(channels);
                      }
                    }),
            "channels and saw 0"),
        new WrongBackend(
            "TCK-OBS-005",
            "forgets what it saw when it is asked",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      protected List<ChannelStatistics> given(List<Kept> channels) {
                        List<ChannelStatistics> all = super.given(channels);
                        channels.replaceAll(kept -> new Kept(kept.extremes(), BigInteger.ZERO));
                        return all;
                      }
                    }),
            "channel 0"));
  }

  private static List<WrongBackend> descriptors() {
    return List.of(
        new WrongBackend(
            "TCK-OBS-006",
            "takes a name that Octet has",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      public ObserverDescriptor descriptor() {
                        return ObserverDescriptor.of("min-max", "Is another one.");
                      }
                    }),
            "OCT-CAL-020"),
        new WrongBackend(
            "TCK-OBS-006",
            "numbers its observers",
            () ->
                new Acme() {
                  private int calls;

                  @Override
                  public List<ObserverKind> observers() {
                    int call = calls++;
                    return List.of(
                        new MeanObserver() {
                          @Override
                          public ObserverDescriptor descriptor() {
                            return ObserverDescriptor.of("acme-mean-" + call, "Is new.");
                          }
                        });
                  }
                },
            "it is the same at every call"),
        new WrongBackend(
            "TCK-OBS-006",
            "has a default that is not canonical",
            with(
                () ->
                    new MeanObserver() {
                      @Override
                      public ObserverDescriptor descriptor() {
                        return super.descriptor().withParameter("factor", "A factor.", "2");
                      }

                      @Override
                      public String canonical(String parameter, String value) {
                        return Float.toString(Float.parseFloat(value));
                      }
                    }),
            "canonical form"));
  }

  private static Supplier<QuantizerProvider> withGrid(ScaleGridKind grid) {
    return () ->
        new Acme() {
          @Override
          public List<ScaleGridKind> scaleGrids() {
            return List.of(grid);
          }
        };
  }

  private static Supplier<QuantizerProvider> withDerivation(DerivationKind derivation) {
    return () ->
        new Equipped() {
          @Override
          public List<DerivationKind> derivations() {
            return List.of(derivation);
          }
        };
  }

  private static List<WrongBackend> gridsAndDerivations() {
    return List.of(
        new WrongBackend(
            "TCK-OBS-007",
            "rounds scales down",
            withGrid(
                new Equipped.Thirds() {
                  @Override
                  public float atLeast(float scale) {
                    float up = super.atLeast(scale);
                    return up > scale && up > 1 ? up / 2 : up;
                  }
                }),
            "which is below it"),
        new WrongBackend(
            "TCK-OBS-007",
            "passes over a scale of the grid, but not when it is asked for it",
            withGrid(
                new Equipped.Thirds() {
                  @Override
                  public float atLeast(float scale) {
                    float up = super.atLeast(scale);
                    return up > scale && up > 1 && up < 100 ? up * 2 : up;
                  }
                }),
            "the scale at least"),
        new WrongBackend(
            "TCK-OBS-008",
            "divides by the scale of the weight",
            withDerivation(
                new Equipped.Product() {
                  @Override
                  public float scale(DerivationContext context, int index) {
                    return context.sources().get(0).scale(0)
                        / context.sources().get(1).scale(index);
                  }
                }),
            "falls from"),
        new WrongBackend(
            "TCK-OBS-008",
            "has one pair too many",
            withDerivation(
                new Equipped.Product() {
                  @Override
                  public int count(DerivationContext context) {
                    return super.count(context) + 1;
                  }

                  @Override
                  public float scale(DerivationContext context, int index) {
                    return super.scale(context, 0);
                  }
                }),
            "6 pairs of scale and zero point"),
        new WrongBackend(
            "TCK-OBS-008",
            "counts how often it is asked",
            withDerivation(
                new Equipped.Product() {
                  private int calls;

                  @Override
                  public float scale(DerivationContext context, int index) {
                    return super.scale(context, index) * ++calls;
                  }
                }),
            "it is the same at every call"));
  }
}
