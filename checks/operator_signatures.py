"""Writes the signatures of the operators of ONNX from the onnx package, or says in what the file differs from them."""

import argparse
import re
import sys
from pathlib import Path

import onnx
from onnx import defs, helper

FILE = Path(__file__).parent.parent / "api/src/main/resources/dev/octet/api/operator/operators.txt"

HEADER = """\
# The operators of the default domain ai.onnx up to version {opset}, as the onnx package {version} has them; written by
# checks/operator_signatures.py. A line is a name, the versions of the operator set that define the operator anew with
# one and the same signature, and that signature: operands -> results; attributes.
#
# name? is left out at will, name... stands for any number, name?... also for none. An operand has its element type behind
# a colon: a word for one that others have too, whose choices stand behind the attributes, or the type itself; * before it
# says that each of any number has its own. An attribute is name:kind, with ! where it is required, and =value where the
# standard says what it is when it is absent.
"""


def parameters(formal, least, most):
    """Returns the words of operands or results; `least` and `most` count them where none is variadic."""
    marks = {defs.OpSchema.FormalParameterOption.Optional: "?", defs.OpSchema.FormalParameterOption.Variadic: "..."}
    words = [one.name.rstrip(".") + marks.get(one.option, "") for one in formal]
    assert most == len(words) or words[-1].endswith("..."), words
    if words and words[-1].endswith("...") and least < len(words):
        words[-1] = words[-1].replace("...", "?...")
    return words


def element_type(text):
    """Returns the element type of a tensor; that of everything else is called other."""
    inner = re.fullmatch(r"tensor\((\w+)\)", text)
    return inner.group(1) if inner else "other"


def operands(schema):
    """Returns the words of operands with their types."""
    words = []
    for word, one in zip(parameters(schema.inputs, schema.min_input, schema.max_input), schema.inputs):
        own = "" if one.is_homogeneous else "*"
        words.append(word + ":" + own + (element_type(one.type_str) if "(" in one.type_str else one.type_str))
    return " ".join(words)


def types(schema):
    """Returns the choices of the types of operands."""
    used = {one.type_str for one in schema.inputs}
    return " ".join(
        one.type_param_str + "=" + ",".join(sorted({element_type(text) for text in one.allowed_type_strs}))
        for one in schema.type_constraints
        if one.type_param_str in used
    )


def default(attribute):
    """Returns an attribute's default with its sign, or nothing."""
    if not attribute.default_value.name:
        return ""
    value = helper.get_attribute_value(attribute.default_value)
    values = value if isinstance(value, (list, tuple)) or hasattr(value, "add") else [value]
    words = [one.decode() if isinstance(one, bytes) else str(one) for one in values]
    return "=" + ",".join(words)


def attribute(one):
    """Returns the word of an attribute."""
    kind = one.type.name.lower()
    text = one.name + ":" + kind + ("!" if one.required else "") + default(one)
    assert not set(text) & set(" ;"), text
    return text


def signature(schema):
    """Returns the signature of one version of an operator."""
    results = " ".join(parameters(schema.outputs, schema.min_output, schema.max_output))
    attributes = " ".join(attribute(schema.attributes[name]) for name in sorted(schema.attributes))
    words = f"{operands(schema)} -> {results}; {attributes}; {types(schema)}".replace(" ;", ";").split(" ")
    return " ".join(word for word in words if word)


def lines():
    """Returns the lines of the file, without its head."""
    by_name = {}
    for schema in defs.get_all_schemas_with_history():
        if schema.domain == "":
            by_name.setdefault(schema.name, []).append(schema)
    for name in sorted(by_name):
        groups = []
        for schema in sorted(by_name[name], key=lambda one: one.since_version):
            text = signature(schema)
            if groups and groups[-1][1] == text:
                groups[-1][0].append(schema.since_version)
            else:
                groups.append(([schema.since_version], text))
        for versions, text in groups:
            yield f"{name} {' '.join(map(str, versions))}: {text}"


def write_or_check(description, file, text, says):
    """Writes a file, or with --check ends with an error where it has another text than the package that says it."""
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("--check", action="store_true", help="compare the file instead of writing it")
    if not arguments.parse_args().check:
        file.write_text(text, encoding="utf-8")
    elif file.read_text(encoding="utf-8") != text:
        sys.exit(f"{file} is not what {says} says; run checks/{Path(sys.argv[0]).name}")


def main():
    head = HEADER.format(opset=defs.onnx_opset_version(), version=onnx.__version__)
    write_or_check(__doc__, FILE, head + "".join(line + "\n" for line in lines()), f"onnx {onnx.__version__}")


if __name__ == "__main__":
    main()
