package dev.octet.api;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.graph.Graph;
import dev.octet.fixtures.jdk.ApiSurface;
import dev.octet.fixtures.jdk.SurfaceFile;
import org.junit.jupiter.api.Test;

/** Every public and protected signature of the module stands in a committed file. */
class ApiSurfaceTest {

  private final ApiSurface surface;

  ApiSurfaceTest() throws Exception {
    surface = ApiSurface.of(Graph.class);
  }

  @Test
  void theSurfaceIsTheCommittedOne() throws Exception {
    new SurfaceFile("api").requireCurrent(surface);
  }

  @Test
  void publicSignaturesNameTypesOfTheJdkAndOfTheApiAlone() {
    for (String line : surface.lines()) {
      String types =
          line.replaceAll("dev\\.octet\\.api\\.[A-Za-z.$]+", "")
              .replaceAll("java\\.[A-Za-z.$]+", "");
      assertTrue(!types.matches(".*\\b[a-z]+\\.[a-z]+\\.[A-Za-z.]+.*"), line);
    }
  }
}
