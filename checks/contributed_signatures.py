"""Writes the signatures of ONNX Runtime's own operators from its package, or says in what the file differs from them."""

import onnx
import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as runtime
from operator_signatures import FILE as STANDARD
from operator_signatures import signature, write_or_check

DOMAIN = "com.microsoft"
FILE = STANDARD.parent / "contributed.txt"

HEADER = """\
# The operators of the domain com.microsoft, as ONNX Runtime {version} has them; written by checks/contributed_signatures.py
# in the form of operators.txt.
"""


class Schema:
    """A schema of the runtime with the attributes of one of the onnx package."""

    def __init__(self, schema):
        self.inputs = [Parameter(one) for one in schema.inputs]
        self.outputs = [Parameter(one) for one in schema.outputs]
        self.min_input, self.max_input = schema.min_input, schema.max_input
        self.min_output, self.max_output = schema.min_output, schema.max_output
        self.type_constraints = schema.type_constraints
        self.attributes = {name: Attribute(one) for name, one in schema.attributes.items()}


class Parameter:
    """An operand or a result."""

    def __init__(self, parameter):
        self.name = parameter.name.replace(" ", "_")
        self.option = onnx.defs.OpSchema.FormalParameterOption(int(parameter.option))
        self.type_str = parameter.typeStr
        self.is_homogeneous = parameter.isHomogeneous


class Attribute:
    """An attribute, whose default is stored as a message."""

    def __init__(self, attribute):
        self.name = attribute.name
        self.type = attribute.type
        self.required = attribute.required
        self.default_value = onnx.AttributeProto.FromString(attribute._default_value)


def lines():
    """Returns the lines of the file, without its head."""
    schemas = [one for one in runtime.get_all_operator_schema() if one.domain == DOMAIN]
    for schema in sorted(schemas, key=lambda one: (one.name, one.since_version)):
        yield f"{schema.name} {schema.since_version}: {signature(Schema(schema))}"


def main():
    text = HEADER.format(version=onnxruntime.__version__) + "".join(line + "\n" for line in lines())
    write_or_check(__doc__, FILE, text, f"ONNX Runtime {onnxruntime.__version__}")


if __name__ == "__main__":
    main()
