package dev.octet.tck.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command that a signal ends write down what it has: the thread that works is interrupted,
 * and the JVM ends with its exit code when it has come to its end.
 */
final class EarlyEnd implements AutoCloseable {

  private static final long MOST_SECONDS = 10;

  private final Thread worker = Thread.currentThread();
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private final Thread hook = new Thread(this::await, "octet-tck-early-end");

  private EarlyEnd() {}

  /** Watches over the calling thread until this is closed. */
  static EarlyEnd watch() {
    EarlyEnd end = new EarlyEnd();
    Runtime.getRuntime().addShutdownHook(end.hook);
    return end;
  }

  /** Says with which exit code the command ends; returns it. */
  int with(int code) {
    exitCode.complete(code);
    return code;
  }

  private void await() {
    worker.interrupt();
    try {
      Runtime.getRuntime().halt(exitCode.get(MOST_SECONDS, TimeUnit.SECONDS));
    } catch (Exception e) { // it did not come to its end in time, or failed: the signal has its way
      return;
    }
  }

  @Override
  public void close() {
    exitCode.cancel(false);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook runs.
    }
  }
}
