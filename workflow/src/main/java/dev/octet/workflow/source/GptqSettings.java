package dev.octet.workflow.source;

/**
 * How weights are fitted to the inputs that data gives their layers.
 *
 * @param percdamp what is added to the diagonal of the Hessian, as a part of its mean; above 0
 * @param actOrder whether the inputs with the largest squares are rounded first
 * @param asymmetric whether a layer makes up for the errors of the layers before it, so that its
 *     results are near those that the float model has, and not near those of float weights on the
 *     inputs that it gets
 */
public record GptqSettings(double percdamp, boolean actOrder, boolean asymmetric) {

  /**
   * Checks the components.
   *
   * @throws IllegalArgumentException if the damping is not finite and above 0
   */
  public GptqSettings {
    if (!(percdamp > 0 && percdamp < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("damping by " + percdamp + " is not finite and above 0");
    }
  }
}
