package dev.octet.workflow.generate;

import dev.octet.api.error.ErrorId;

/** Errors of generating text. */
final class GenerationErrors {

  static final ErrorId NO_TOKENIZER =
      ErrorId.input(
          "OCT-GEN-001",
          "A file is no whole tokenizer in the format of llama2.c.",
          "Give the file that llama2.c's tokenizer.py exports for the model, such as tok512.bin.");

  static final ErrorId NO_SCORES =
      ErrorId.input(
          "OCT-GEN-002",
          "The first output of a model is no scores for tokens.",
          "Give a decoder that maps tokens [batch, length] to floats [batch, length, vocabulary].");

  static final ErrorId UNKNOWN_TOKEN =
      ErrorId.input(
          "OCT-GEN-003",
          "A token is known to the model or to the tokenizer only.",
          "Give the tokenizer that the model was trained with.");

  static final ErrorId LONG_PROMPT =
      ErrorId.usage(
          "OCT-GEN-004",
          "A prompt leaves no room in a model of fixed length.",
          "Give a shorter prompt, or a model with a longer or symbolic length.");

  static final ErrorId BAD_OPTION =
      ErrorId.usage(
          "OCT-GEN-005",
          "A number that says how tokens are chosen is outside its range.",
          "Give at least 0 tokens, a temperature of at least 0, and a top-p above 0 and at most"
              + " 1.");

  static final ErrorId NOT_A_NUMBER =
      ErrorId.backend(
          "OCT-GEN-006",
          "A model scores no token with a number.",
          "Run the model with 'octet run' to see where NaN arises; quantize fewer of its layers.");

  private GenerationErrors() {}
}
