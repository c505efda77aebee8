package dev.octet.cli.conformance;

import dev.octet.api.graph.Tensor;
import dev.octet.api.runtime.ExecutableModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Speech of 16 kHz in chunks of 32 ms, as Silero's detector of voices takes it: each chunk with the
 * last 64 samples of the one before, and with the state that the one before gave.
 */
final class VoiceStream {

  private static final int CHUNK = 512;
  private static final int CONTEXT = 64;
  private static final int STATE = 128;

  /** The bytes before the samples of a WAV file that has no parts but its format and them. */
  private static final int HEADER = 44;

  private final float[] samples;

  private VoiceStream(float[] samples) {
    this.samples = samples;
  }

  /** Reads a WAV file of one channel of 16 bits. */
  static VoiceStream read(Path wav) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(wav)).order(ByteOrder.LITTLE_ENDIAN);
      float[] samples = new float[(bytes.capacity() - HEADER) / Short.BYTES];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = bytes.getShort(HEADER + i * Short.BYTES) / 32768f;
      }
      return new VoiceStream(samples);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the first chunks. */
  VoiceStream first(int chunks) {
    return new VoiceStream(Arrays.copyOf(samples, chunks * CHUNK));
  }

  /** Returns the number of whole chunks. */
  int chunks() {
    return samples.length / CHUNK;
  }

  /** Runs a model over all chunks; returns what it was given and what it gave for each. */
  List<Step> run(ExecutableModel model) {
    return run(model, UnaryOperator.identity(), UnaryOperator.identity());
  }

  /** Runs a model whose inputs and outputs are not those of the float model. */
  List<Step> run(
      ExecutableModel model,
      UnaryOperator<Map<String, Tensor>> toInputs,
      UnaryOperator<Map<String, Tensor>> fromOutputs) {
    List<Step> steps = new ArrayList<>();
    Tensor state = Tensor.of(new float[2 * STATE], 2, 1, STATE);
    for (int chunk = 0; chunk < chunks(); chunk++) {
      Map<String, Tensor> inputs =
          Map.of("input", chunk(chunk), "state", state, "sr", Tensor.of(new long[] {16_000}));
      Map<String, Tensor> outputs = fromOutputs.apply(model.run(toInputs.apply(inputs)));
      steps.add(new Step(inputs, outputs));
      state = outputs.get("stateN");
    }
    return steps;
  }

  private Tensor chunk(int index) {
    float[] chunk = new float[CONTEXT + CHUNK];
    int first = index * CHUNK - CONTEXT;
    for (int i = Math.max(0, -first); i < chunk.length; i++) {
      chunk[i] = samples[first + i];
    }
    return Tensor.of(chunk, 1, chunk.length);
  }

  /** What a model was given for one chunk, and what it gave. */
  record Step(Map<String, Tensor> inputs, Map<String, Tensor> outputs) {

    /** Returns the probability that the chunk has a voice. */
    float voice() {
      return outputs.get("output").floats()[0];
    }
  }
}
