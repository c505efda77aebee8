package dev.octet.workflow.source;

import java.util.Objects;
import java.util.Optional;

/**
 * Another scheme that also makes integers of tables of embeddings: constant matrices whose rows a
 * Gather chooses. Their rows are those of weights, in groups along a row, and a table that a layer
 * reads too is stored once for both.
 *
 * @param baseConfig what weights become, and tables with them
 * @param tieTransposed whether the weight of a MatMul that is a table turned round, element by
 *     element, is stored once with it; the layer then reads the table turned round
 */
public record WithEmbeddings(SourceScheme baseConfig, boolean tieTransposed)
    implements SourceScheme {

  /** Checks that the scheme is not null. */
  public WithEmbeddings {
    Objects.requireNonNull(baseConfig, "baseConfig");
  }

  @Override
  public LayerRule rule() {
    return baseConfig.rule();
  }

  @Override
  public Optional<FinerLayers> finer() {
    return baseConfig.finer();
  }

  @Override
  public Optional<GptqSettings> fitting() {
    return baseConfig.fitting();
  }

  @Override
  public boolean quantizesTables() {
    return true;
  }

  @Override
  public boolean tiesTables() {
    return tieTransposed;
  }
}
