package dev.octet.workflow.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.image.ImageDecoder;
import dev.octet.api.image.Pixels;
import dev.octet.api.provider.ServiceCatalog;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class InstalledDecoderTest {

  private record Named(String name) implements ImageDecoder {
    @Override
    public Header header(Path file) {
      throw new AssertionError("never asked");
    }

    @Override
    public Pixels read(Path file) {
      throw new AssertionError("never asked");
    }
  }

  private static ServiceCatalog<ImageDecoder> catalog(String... names) {
    List<ImageDecoder> decoders = List.of(names).stream().<ImageDecoder>map(Named::new).toList();
    return ServiceCatalog.of("decoder of images", UnaryOperator.identity(), decoders);
  }

  @Test
  void findsTheOneOfTheModuleForImages() {
    assertEquals("jdk", InstalledDecoder.find().name());
  }

  @Test
  void namesTheArtifactWhereThereIsNone() {
    OctetException e = assertThrows(OctetException.class, () -> InstalledDecoder.only(catalog()));
    assertEquals("OCT-DATA-045", e.id());
    assertEquals("there is no decoder of images", e.fact());
    assertTrue(e.nextStep().contains("dev.octet:octet-images"), e.nextStep());
  }

  @Test
  void refusesToChooseBetweenTwo() {
    OctetException e =
        assertThrows(OctetException.class, () -> InstalledDecoder.only(catalog("b", "a")));
    assertEquals("OCT-DATA-045", e.id());
    assertEquals("there are several decoders of images: a, b", e.fact());
  }

  @Test
  void takesTheOnlyOne() {
    assertEquals("own", InstalledDecoder.only(catalog("own")).name());
  }
}
