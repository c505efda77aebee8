package dev.octet.tck.run;

import dev.octet.api.option.Options;
import dev.octet.tck.verdict.Measurement;
import dev.octet.tck.verdict.Outcome;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run tells, event by event in a file, so that it is known how far a process came that
 * ended. Each event is flushed before what it announces begins.
 */
final class Journal implements RunListener, AutoCloseable {

  private enum Event {
    PRESET,
    RULE,
    BEGINS,
    ENDS,
    CANNOT_TELL,
    RULE_ENDS,
    MEASURED,
    WHOLE
  }

  /**
   * How far a journal goes.
   *
   * @param cases how many cases ended
   * @param open the case that began and did not end
   * @param whole whether the run came to its end
   */
  record Reach(long cases, Optional<String> open, boolean whole) {}

  private final DataOutputStream out;

  private Journal(DataOutputStream out) {
    this.out = out;
  }

  /** Begins a journal in a file. */
  static Journal create(Path file) throws IOException {
    return new Journal(new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file))));
  }

  @Override
  public void preset(Options options) {
    write(
        () -> {
          text(Event.PRESET.name());
          out.writeInt(options.values().size());
          for (Map.Entry<String, List<String>> option : options.values().entrySet()) {
            text(option.getKey());
            out.writeInt(option.getValue().size());
            for (String value : option.getValue()) {
              text(value);
            }
          }
        });
  }

  @Override
  public void rule(String id, Optional<String> missing) {
    write(
        () -> {
          text(Event.RULE.name());
          text(id);
          optional(missing);
        });
  }

  @Override
  public void begins(String name) {
    write(
        () -> {
          text(Event.BEGINS.name());
          text(name);
        });
  }

  @Override
  public void ends(Outcome outcome) {
    write(
        () -> {
          text(Event.ENDS.name());
          text(outcome.kind().name());
          optional(outcome.message());
          optional(outcome.smallest());
        });
  }

  @Override
  public void ruleEnds() {
    write(() -> text(Event.RULE_ENDS.name()));
  }

  @Override
  public void cannotTell(String reason) {
    write(
        () -> {
          text(Event.CANNOT_TELL.name());
          text(reason);
        });
  }

  @Override
  public void measured(List<Measurement> measurements) {
    write(
        () -> {
          text(Event.MEASURED.name());
          out.writeInt(measurements.size());
          for (Measurement one : measurements) {
            text(one.use());
            out.writeInt(one.bound());
            out.writeLong(one.largest());
            out.writeLong(one.differing());
            out.writeLong(one.elements());
          }
        });
  }

  /** Writes that the run came to its end. */
  void whole() {
    write(() -> text(Event.WHOLE.name()));
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private interface Writing {
    void run() throws IOException;
  }

  private void write(Writing writing) {
    try {
      writing.run();
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void text(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private void optional(Optional<String> text) throws IOException {
    out.writeBoolean(text.isPresent());
    if (text.isPresent()) {
      text(text.get());
    }
  }

  /** Tells a listener what a journal has, to where it ends. */
  static Reach replay(Path file, RunListener listener) throws IOException {
    long cases = 0;
    Optional<String> open = Optional.empty();
    boolean whole = false;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      while (!whole) {
        switch (Event.valueOf(text(in))) {
          case PRESET -> listener.preset(options(in));
          case RULE -> listener.rule(text(in), optional(in));
          case BEGINS -> {
            open = Optional.of(text(in));
            listener.begins(open.get());
          }
          case ENDS -> {
            listener.ends(outcome(in));
            cases++;
            open = Optional.empty();
          }
          case CANNOT_TELL -> listener.cannotTell(text(in));
          case RULE_ENDS -> listener.ruleEnds();
          case MEASURED -> listener.measured(measurements(in));
          case WHOLE -> whole = true;
        }
      }
    } catch (EOFException e) {
      // The process ended here.
    }
    return new Reach(cases, open, whole);
  }

  private static Options options(DataInputStream in) throws IOException {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (int names = in.readInt(); names > 0; names--) {
      String name = text(in);
      List<String> given = new ArrayList<>();
      for (int count = in.readInt(); count > 0; count--) {
        given.add(text(in));
      }
      values.put(name, given);
    }
    return new Options(values);
  }

  private static List<Measurement> measurements(DataInputStream in) throws IOException {
    List<Measurement> all = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      all.add(new Measurement(text(in), in.readInt(), in.readLong(), in.readLong(), in.readLong()));
    }
    return all;
  }

  private static Outcome outcome(DataInputStream in) throws IOException {
    return new Outcome(Outcome.Kind.valueOf(text(in)), optional(in), optional(in));
  }

  private static Optional<String> optional(DataInputStream in) throws IOException {
    return in.readBoolean() ? Optional.of(text(in)) : Optional.empty();
  }

  private static String text(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
