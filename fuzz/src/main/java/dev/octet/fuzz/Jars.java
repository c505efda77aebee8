package dev.octet.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.octet.api.provider.QuantizerProvider;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Jars of a provider that does nothing. */
final class Jars {

  private static final String OWN = "JarProvider";
  private static final String OTHER = "FarProvider";

  private Jars() {}

  /** The class has another name in the jar than here, so that it is the jar's that is loaded. */
  static List<byte[]> seeds() throws IOException {
    byte[] bytecode = Seeds.resource(OWN + ".class");
    String name = "dev.octet.fuzz." + OTHER;
    ZipMember provider = ZipMember.of(name.replace('.', '/') + ".class", renamed(bytecode));
    ZipMember service =
        ZipMember.of(
            "META-INF/services/" + QuantizerProvider.class.getName(), name.getBytes(UTF_8));
    ZipMember manifest =
        ZipMember.of(
            "META-INF/MANIFEST.MF",
            "Manifest-Version: 1.0\nClass-Path: other.jar\n\n".getBytes(UTF_8));
    return List.of(
        ZipMember.archive(List.of(manifest, service, provider)),
        ZipMember.archive(List.of(service.deflated(), provider.deflated())));
  }

  /** Names of one length take each other's place in the pool of constants. */
  private static byte[] renamed(byte[] bytecode) {
    byte[] result = bytecode.clone();
    byte[] own = OWN.getBytes(UTF_8);
    for (int i = 0; i + own.length <= result.length; i++) {
      if (Arrays.equals(result, i, i + own.length, own, 0, own.length)) {
        System.arraycopy(OTHER.getBytes(UTF_8), 0, result, i, own.length);
      }
    }
    return result;
  }
}
