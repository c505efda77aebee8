package dev.octet.annotation;

import dev.octet.fixtures.jdk.ApiSurface;
import dev.octet.fixtures.jdk.SurfaceFile;
import org.junit.jupiter.api.Test;

/** Every public and protected signature of the module stands in a committed file. */
class AnnotationSurfaceTest {

  @Test
  void theSurfaceIsTheCommittedOne() throws Exception {
    new SurfaceFile("annotation").requireCurrent(ApiSurface.of(ComposableQuantizer.class));
  }
}
