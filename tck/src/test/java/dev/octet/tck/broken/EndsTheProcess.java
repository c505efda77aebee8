package dev.octet.tck.broken;

import dev.octet.api.option.Options;
import dev.octet.api.provider.ApiVersion;
import dev.octet.api.provider.BuiltFor;
import dev.octet.api.quantizer.AnnotationContext;
import dev.octet.api.quantizer.Quantizer;

/** Ends the JVM when it meets one graph in particular, and is correct otherwise. */
@BuiltFor(ApiVersion.CURRENT)
public final class EndsTheProcess extends Acme {

  /** Makes the provider. */
  public EndsTheProcess() {}

  @Override
  public Quantizer create(Options options) {
    Quantizer usual = super.create(options);
    return new Quantizer() {
      @Override
      public void annotate(AnnotationContext context) {
        if (context.graph().name().endsWith("conv/1x4x9x8/stride")) {
          Runtime.getRuntime().halt(134);
        }
        usual.annotate(context);
      }
    };
  }
}
