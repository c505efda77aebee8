package dev.octet.workflow.calibrate;

import dev.octet.workflow.data.DataSource;
import dev.octet.workflow.data.SampleStream;
import dev.octet.workflow.execution.Execution;
import dev.octet.workflow.provenance.RuntimeBuild;
import java.util.List;

/** Runs a float model on samples, and collects what is observed. Immutable. */
interface FloatRuns {

  /** Returns what runs the samples. */
  RuntimeBuild runtime();

  /** Returns what each observer saw of some data, in the order of the tensors of the groups. */
  List<TensorStatistics> over(DataSource data, Execution execution);

  /** Returns what each observer saw of samples that come one after the other. */
  Streamed over(SampleStream stream, Execution execution);

  /**
   * What was seen of a stream.
   *
   * @param samples how many samples came
   * @param statistics what each observer saw, in the order of the tensors of the groups
   */
  record Streamed(int samples, List<TensorStatistics> statistics) {}
}
