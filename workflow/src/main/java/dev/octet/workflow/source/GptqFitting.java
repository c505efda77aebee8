package dev.octet.workflow.source;

import dev.octet.api.error.OctetException;
import dev.octet.api.graph.Graph;
import dev.octet.api.graph.GraphEditor;
import dev.octet.api.graph.Model;
import dev.octet.api.graph.Tensor;
import dev.octet.kernels.thread.HelperThreads;
import dev.octet.kernels.thread.Workers;
import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.execution.Execution;
import java.util.ArrayList;
import java.util.List;

/**
 * Fits weights to what data gives their layers, one layer after the other: the layers before have
 * the weights that their integers tell. What is kept besides the model are the sums of one layer.
 */
final class GptqFitting implements WeightFitting, AutoCloseable {

  private final Model model;
  private final LinearLayers layers;
  private final GptqSettings settings;
  private final DataSource data;
  private final Execution execution;
  private final HelperThreads helpers;
  private final Workers workers;
  private final FittingProgress progress;
  private Graph current;
  private List<ObservedInput> observed = List.of();
  private Gram gram = new Gram(0, false);

  /**
   * Makes a fitting.
   *
   * @param model the float model
   * @param layers its linear layers
   * @param data samples for its inputs
   */
  GptqFitting(
      Model model,
      LinearLayers layers,
      GptqSettings settings,
      DataSource data,
      Execution execution) {
    this.model = model;
    this.layers = layers;
    this.settings = settings;
    this.data = data;
    this.execution = execution;
    this.helpers = new HelperThreads(execution.parallelism());
    this.workers = new Workers(helpers);
    workers.cancelledBy(execution.cancellation());
    this.current = model.graph();
    this.progress = new FittingProgress(execution.progress(), inputs(), data.size());
  }

  /** How often the data runs: once for each input that a layer, or several in a row, reads. */
  private int inputs() {
    List<List<ObservedInput>> runs = new ArrayList<>();
    for (LinearLayer layer : layers.distinct()) {
      List<ObservedInput> wanted = observed(layer);
      boolean table = wanted.isEmpty();
      if (!table && (runs.isEmpty() || !runs.get(runs.size() - 1).equals(wanted))) {
        runs.add(wanted);
      }
    }
    return runs.size();
  }

  @Override
  public StoredWeight fit(LinearLayer layer, Tensor weight, LayerRule rule) {
    if (observed(layer).isEmpty()) {
      return kept(
          layer, weight, NearestRounding.quantize(layer.node(), weight, layer.form(), rule));
    }
    WeightMatrix matrix = WeightMatrix.of(layer.node(), weight, layer.form(), rule);
    GptqRounding.round(matrix, gram(layer), settings, workers);
    return kept(layer, weight, matrix);
  }

  private StoredWeight kept(LinearLayer layer, Tensor weight, WeightMatrix fitted) {
    StoredWeight stored = fitted.stored();
    keep(layer, weight, fitted.told(stored));
    return stored;
  }

  /** Returns what the layers that share a weight multiply; nothing where it is a table alone. */
  private List<ObservedInput> observed(LinearLayer layer) {
    return layers.sharing(layer).stream()
        .filter(reader -> !reader.isTable())
        .map(reader -> ObservedInput.of(layers.read(reader.input()), reader.form()))
        .distinct()
        .toList();
  }

  /** A weight that several layers read is fitted to the inputs of all of them. */
  private Gram gram(LinearLayer layer) {
    List<ObservedInput> wanted = observed(layer);
    if (!wanted.equals(observed)) {
      // Those of the inputs before take as much, and nobody asks for them again.
      observed = List.of();
      gram = new Gram(0, false);
      Gram sums = new Gram(Math.toIntExact(layer.form().inputs()), settings.asymmetric());
      try (ObservedRuns runs =
          new ObservedRuns(model, current, wanted, settings.asymmetric(), execution)) {
        runs.add(data, sums, workers, progress);
      }
      requireFinite(layer, sums);
      gram = sums;
      observed = wanted;
    }
    return gram;
  }

  private static void requireFinite(LinearLayer layer, Gram sums) {
    if (!sums.isFinite()) {
      throw SourceErrors.INPUT_NOT_FINITE
          .error("the data gives '" + layer.node() + "' an input that holds NaN or an infinity")
          .build();
    }
  }

  /**
   * Lets the layers that read a weight have another one from now on. Of one that stays in its file
   * integers are kept, which tell the floats again whenever somebody reads them.
   */
  private void keep(LinearLayer layer, Tensor weight, ToldWeight told) {
    Tensor floats = told.floats().remadeFrom(weight, told::floats);
    GraphEditor editor = new GraphEditor(current);
    for (LinearLayer reader : layers.sharing(layer)) {
      String fresh = editor.freshValueName(layers.constant(layer).name() + "_fitted");
      editor.putInitializerBeside(
          reader.node(),
          fresh,
          layers.isTied(reader)
              ? TurnedMatrix.of(floats).remadeFrom(floats, () -> TurnedMatrix.of(floats))
              : floats);
      editor.setOperand(reader.node(), reader.weight().index(), fresh);
    }
    current = editor.finish().graph();
  }

  /** Ends the threads. */
  @Override
  public void close() throws OctetException {
    helpers.close();
  }
}
