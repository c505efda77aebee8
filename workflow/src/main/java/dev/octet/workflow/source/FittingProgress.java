package dev.octet.workflow.source;

import dev.octet.workflow.execution.Progress;

/** Counts samples over all the runs that a fitting needs. */
final class FittingProgress {

  private final Progress progress;
  private final int total;
  private int done;

  FittingProgress(Progress progress, int runs, int samples) {
    this.progress = progress;
    this.total = runs * samples;
  }

  void add(int samples) {
    // Layers that stay float need no run, so that fewer may be done than were counted.
    done += samples;
    progress.samples(Math.min(done, total), total);
  }
}
