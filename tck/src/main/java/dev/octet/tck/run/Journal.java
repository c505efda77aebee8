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
    SETS_UP,
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
   * @param place behind the cases that ended
   * @param open the case that began and did not end
   * @param settingUp whether the cases of a rule were being composed
   * @param whole whether the run came to its end
   */
  record Reach(Place place, Optional<String> open, boolean settingUp, boolean whole) {}

  private final DataOutputStream out;
  private final CaseWatcher watcher;
  private String rule = "";
  private long cases;

  private Journal(DataOutputStream out, CaseWatcher watcher) {
    this.out = out;
    this.watcher = watcher;
  }

  /** Begins a journal in a file, and tells a watcher which case begins. */
  static Journal create(Path file, CaseWatcher watcher) throws IOException {
    return new Journal(
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file))), watcher);
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
  public void setUp(String id) {
    rule = id;
    write(
        () -> {
          text(Event.SETS_UP.name());
          text(id);
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
    watcher.begins(rule, name, cases);
    cases++;
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

  /**
   * Tells a listener what a journal has, to where it ends.
   *
   * @param from where the process began that wrote it
   */
  static Reach replay(Path file, Place from, RunListener listener) throws IOException {
    Replay replay = new Replay(from, listener);
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      while (!replay.whole) {
        replay.event(in);
      }
    } catch (EOFException e) {
      // The process ended here.
    }
    return new Reach(replay.place, replay.open, replay.settingUp, replay.whole);
  }

  /** How far a journal was read. */
  private static final class Replay {
    private final Place from;
    private final RunListener listener;
    private Place place;
    private int presets;
    private Optional<String> open = Optional.empty();
    private boolean settingUp;
    private boolean whole;

    private Replay(Place from, RunListener listener) {
      this.from = from;
      this.listener = listener;
      this.place = from;
    }

    private void event(DataInputStream in) throws IOException {
      switch (Event.valueOf(text(in))) {
        case PRESET -> {
          listener.preset(options(in));
          presets++;
        }
        case SETS_UP -> setsUp(text(in));
        case RULE -> {
          listener.rule(text(in), optional(in));
          settingUp = false;
        }
        case BEGINS -> begins(text(in));
        case ENDS -> {
          listener.ends(outcome(in));
          place = place.behindCase();
          open = Optional.empty();
        }
        case CANNOT_TELL -> {
          listener.cannotTell(text(in));
          place = place.behindRule();
        }
        case RULE_ENDS -> {
          listener.ruleEnds();
          place = place.behindRule();
        }
        case MEASURED -> listener.measured(measurements(in));
        case WHOLE -> whole = true;
      }
    }

    private void setsUp(String rule) {
      int preset = from.preset() + presets - 1;
      place = new Place(preset, rule, from.casesBehind(preset, rule));
      settingUp = true;
      listener.setUp(rule);
    }

    private void begins(String name) {
      open = Optional.of(name);
      listener.begins(name);
    }
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
