"""Trains the classifier of the shapes sample and writes it as shapes.onnx.

    python train.py               draws the training images, trains, writes shapes.onnx, measures it on shapes.npz
    python train.py --measure     only measures the shapes.onnx that is there

The graph is written node by node from the trained weights, so that every BatchNormalization stays a node of its own.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional

import generate

TRAINING_SEED, TRAINING_COUNT = 1000, 40000
VALIDATION_SEED, VALIDATION_COUNT = 1001, 2000
WEIGHT_SEED = 7

EPOCHS = 18
BATCH = 64
PEAK_LEARNING_RATE = 4e-3
WARM_UP = 0.15  # share of the steps
WEIGHT_DECAY = 2e-2
LABEL_SMOOTHING = 0.05

PIXEL_SCALE = np.float32(0.00392156862745098)  # 1/255, as in calibration.yaml and test.yaml
OPSET = 13
IR_VERSION = 8


class ConvNorm(nn.Module):
    """Conv without bias, BatchNormalization and, where asked for, Relu."""

    def __init__(self, channels_in, channels_out, kernel, stride=1, groups=1, relu=True):
        super().__init__()
        padding = kernel // 2
        self.conv = nn.Conv2d(channels_in, channels_out, kernel, stride, padding, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(channels_out)
        self.relu = relu

    def forward(self, x):
        x = self.bn(self.conv(x))
        return functional.relu(x) if self.relu else x


class Separable(nn.Module):
    """A depthwise and a pointwise convolution; with a residual Add where the shape stays the same."""

    def __init__(self, channels_in, channels_out, stride):
        super().__init__()
        self.residual = stride == 1 and channels_in == channels_out
        self.depthwise = ConvNorm(channels_in, channels_in, 3, stride, groups=channels_in)
        self.pointwise = ConvNorm(channels_in, channels_out, 1, relu=not self.residual)

    def layers(self):
        return {"depthwise": self.depthwise, "pointwise": self.pointwise}


class Plain(nn.Module):
    """Two full convolutions and a residual Add."""

    residual = True

    def __init__(self, channels):
        super().__init__()
        self.first = ConvNorm(channels, channels, 3)
        self.second = ConvNorm(channels, channels, 3, relu=False)

    def layers(self):
        return {"first": self.first, "second": self.second}


class Classifier(nn.Module):
    """uint8 images / 255, float32 [N, 3, 24, 24], to logits, float32 [N, 10]."""

    def __init__(self):
        super().__init__()
        self.stem = ConvNorm(3, 16, 3)
        self.blocks = nn.ModuleDict(
            {
                "block1": Separable(16, 16, stride=1),
                "block2": Separable(16, 32, stride=2),
                "block3": Plain(32),
                "block4": Separable(32, 64, stride=2),
                "block5": Separable(64, 64, stride=1),
            }
        )
        self.gemm = nn.Linear(64, len(generate.CLASSES))

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks.values():
            before = x
            for layer in block.layers().values():
                x = layer(x)
            if block.residual:
                x = functional.relu(x + before)
        return self.gemm(x.mean(dim=(2, 3)))


class GraphWriter:
    """Collects ONNX nodes and initializers; a node's result is named after the node."""

    def __init__(self):
        self.nodes = []
        self.initializers = []

    def constant(self, name, tensor):
        self.initializers.append(numpy_helper.from_array(tensor.detach().numpy().astype(np.float32), name))
        return name

    def node(self, op_type, name, inputs, output=None, **attributes):
        output = output or f"{name}/output"
        self.nodes.append(helper.make_node(op_type, inputs, [output], name=name, **attributes))
        return output

    def conv_norm(self, name, layer, x):
        conv, bn = layer.conv, layer.bn
        x = self.node(
            "Conv",
            f"{name}/conv",
            [x, self.constant(f"{name}/conv/weight", conv.weight)],
            kernel_shape=list(conv.kernel_size),
            strides=list(conv.stride),
            pads=list(conv.padding) * 2,
            dilations=list(conv.dilation),
            group=conv.groups,
        )
        statistics = {"scale": bn.weight, "bias": bn.bias, "mean": bn.running_mean, "var": bn.running_var}
        constants = [self.constant(f"{name}/bn/{key}", value) for key, value in statistics.items()]
        x = self.node("BatchNormalization", f"{name}/bn", [x, *constants], epsilon=bn.eps)
        return self.node("Relu", f"{name}/relu", [x]) if layer.relu else x

    def block(self, name, block, x):
        before = x
        for layer_name, layer in block.layers().items():
            x = self.conv_norm(f"{name}/{layer_name}", layer, x)
        if block.residual:
            x = self.node("Add", f"{name}/add", [x, before])
            x = self.node("Relu", f"{name}/relu", [x])
        return x

    def head(self, gemm, x):
        x = self.node("GlobalAveragePool", "head/pool", [x])
        x = self.node("Flatten", "head/flatten", [x], axis=1)
        weight = self.constant("head/gemm/weight", gemm.weight)
        bias = self.constant("head/gemm/bias", gemm.bias)
        return self.node("Gemm", "head/gemm", [x, weight, bias], output="logits", transB=1)


def onnx_model(classifier):
    """The classifier, as it stands in evaluation mode, as an ONNX model."""
    writer = GraphWriter()
    x = writer.conv_norm("stem", classifier.stem, "image")
    for name, block in classifier.blocks.items():
        x = writer.block(name, block, x)
    writer.head(classifier.gemm, x)
    size, classes = generate.SIZE, len(generate.CLASSES)
    graph = helper.make_graph(
        writer.nodes,
        "shapes",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, size, size])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", classes])],
        writer.initializers,
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="octet-sample",
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def model_input(images):
    """uint8 NHWC images to the model's float32 NCHW input: the steps of calibration.yaml and test.yaml."""
    return np.ascontiguousarray(images.transpose(0, 3, 1, 2)).astype(np.float32) * PIXEL_SCALE


def top1(logits, labels):
    return float((logits.argmax(axis=1) == labels).mean())


def evaluate(classifier, images, labels):
    classifier.eval()
    with torch.no_grad():
        parts = [classifier(torch.from_numpy(model_input(part))) for part in np.array_split(images, 10)]
    return top1(torch.cat(parts).numpy(), labels)


def train(classifier):
    started = time.monotonic()
    images, labels = generate.dataset(TRAINING_SEED, TRAINING_COUNT)
    validation = generate.dataset(VALIDATION_SEED, VALIDATION_COUNT)
    print(f"drew {TRAINING_COUNT} training images in {time.monotonic() - started:.0f} s", flush=True)
    inputs = torch.from_numpy(images).permute(0, 3, 1, 2)  # stays NHWC in memory, as the classifier is
    targets = torch.from_numpy(labels).long()
    optimizer = torch.optim.AdamW(classifier.parameters(), weight_decay=WEIGHT_DECAY)
    steps = EPOCHS * (TRAINING_COUNT // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_LEARNING_RATE, total_steps=steps, pct_start=WARM_UP)
    for epoch in range(EPOCHS):
        classifier.train()
        order = torch.randperm(TRAINING_COUNT)
        for batch in order[: TRAINING_COUNT // BATCH * BATCH].split(BATCH):
            logits = classifier(inputs[batch].float() * float(PIXEL_SCALE))
            loss = functional.cross_entropy(logits, targets[batch], label_smoothing=LABEL_SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        accuracy = evaluate(classifier, *validation)
        seconds = time.monotonic() - started
        print(f"epoch {epoch + 1:2}/{EPOCHS}: validation top-1 {accuracy:.4f}, {seconds:.0f} s", flush=True)


def measure(model_file, data_file):
    """Top-1 accuracy of the ONNX file on the test set, through ONNX Runtime."""
    session = onnxruntime.InferenceSession(str(model_file), providers=["CPUExecutionProvider"])
    data = np.load(data_file)
    (logits,) = session.run(["logits"], {"image": model_input(data["test_images"])})
    accuracy = top1(logits, data["test_labels"])
    print(f"{model_file}: {model_file.stat().st_size} bytes, float top-1 {accuracy:.4f} on {len(logits)} test images")


def main():
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description="Trains the classifier of the shapes sample and measures it.")
    parser.add_argument("--model", type=Path, default=here / "shapes.onnx")
    parser.add_argument("--data", type=Path, default=here / "shapes.npz")
    parser.add_argument("--measure", action="store_true", help="measure the model that is there, without training")
    arguments = parser.parse_args()
    if not arguments.measure:
        torch.manual_seed(WEIGHT_SEED)
        torch.set_num_threads(1)  # the order of sums, and so the weights, would change with the number of threads
        torch.use_deterministic_algorithms(True)
        classifier = Classifier().to(memory_format=torch.channels_last)
        train(classifier)
        classifier.eval()
        onnx.save(onnx_model(classifier), arguments.model)
    measure(arguments.model, arguments.data)


if __name__ == "__main__":
    main()
