package dev.octet.cli;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.util.List;

/** CycloneDX's own schema of bills of materials, version 1.6. */
final class CycloneDx {

  private static final String SCHEMAS = "http://cyclonedx.org/schema/";

  private CycloneDx() {}

  /** Returns what in a text breaks the schema. */
  static List<String> broken(String json) {
    JsonSchemaFactory factory =
        JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V7,
            builder -> builder.schemaMappers(all -> all.mapPrefix(SCHEMAS, "classpath:")));
    JsonSchema schema = factory.getSchema(SchemaLocation.of(SCHEMAS + "bom-1.6.schema.json"));
    return schema.validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
  }
}
