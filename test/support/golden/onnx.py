"""Freezes ONNX files as onnx itself writes them, for what reads and merges models.

    python test/support/golden/onnx.py

needs numpy and onnx; writes onnx.json beside itself.
"""

import base64
import json
import sys
from pathlib import Path

sys.path.pop(0)  # this file's own name would shadow the package

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent
FLOAT = TensorProto.FLOAT


def info(name, *shape):
    return helper.make_tensor_value_info(name, FLOAT, shape)


def model(nodes, inputs, outputs, initializers=(), opsets=(("", 17),), **options):
    graph = helper.make_graph(nodes, "g", inputs, outputs, initializers)
    imports = [helper.make_opsetid(domain, version) for domain, version in opsets]
    return helper.make_model(graph, opset_imports=imports, ir_version=8, **options)


def external(name):
    tensor = numpy_helper.from_array(np.ones(2, np.float32), name)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")
    return tensor


def plain():
    return model([helper.make_node("Relu", ["x"], ["y"])], [info("x", "N", 3)], [info("y", "N", 3)])


def with_external_data():
    nodes = [helper.make_node("Add", ["x", "w"], ["y"])]
    return model(nodes, [info("x", 2)], [info("y", 2)], [external("w")])


def with_external_data_in_branch():
    """If, whose branches are graphs; the weights of one lie elsewhere."""
    branch = helper.make_graph([helper.make_node("Identity", ["w"], ["t"])], "then", [], [info("t", 2)], [external("w")])
    other = helper.make_graph([helper.make_node("Identity", ["x"], ["e"])], "else", [], [info("e", 2)])
    nodes = [helper.make_node("If", ["c"], ["y"], then_branch=branch, else_branch=other)]
    condition = helper.make_tensor_value_info("c", TensorProto.BOOL, [])
    return model(nodes, [condition, info("x", 2)], [info("y", 2)])


def with_external_constant():
    constant = helper.make_node("Constant", [], ["w"], value=external("w"))
    return model([constant, helper.make_node("Add", ["x", "w"], ["y"])], [info("x", 2)], [info("y", 2)])


def with_function():
    body = helper.make_function("own", "Twice", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])], [helper.make_opsetid("", 17)])
    nodes = [helper.make_node("Twice", ["x"], ["y"], domain="own")]
    return model(nodes, [info("x", 2)], [info("y", 2)], opsets=(("", 17), ("own", 1)), functions=[body])


def colliding_backbone():
    """y = relu(x W): its values are called what the head's will be, its embedding something else."""
    weight = numpy_helper.from_array(np.array([[1, -1, 2], [0, 1, 0.5]], np.float32), "head.weight")
    unused = numpy_helper.from_array(np.ones(3, np.float32), "old")
    nodes = [
        helper.make_node("MatMul", ["x", "head.weight"], ["logits"]),
        helper.make_node("Relu", ["logits"], ["features"]),
        helper.make_node("Sqrt", ["features"], ["embedding"]),
        helper.make_node("Mul", ["embedding", "old"], ["answer"]),
    ]
    return model(nodes, [info("x", "batch", 2)], [info("answer", "batch", 3), info("features", "batch", 3)], [weight, unused])


def signs_head():
    signs = onnx.load(HERE.parents[2] / "models/signs/model.onnx")
    tensors = {t.name: numpy_helper.to_array(t) for t in signs.graph.initializer}
    return {
        "weights": base64.b64encode(tensors["head.weight"].T.astype("<f4").tobytes()).decode(),
        "bias": base64.b64encode(tensors["head.bias"].astype("<f4").tobytes()).decode(),
    }


def main():
    makers = [plain, with_external_data, with_external_data_in_branch, with_external_constant, with_function, colliding_backbone]
    models = {make.__name__: base64.b64encode(make().SerializeToString(deterministic=True)).decode() for make in makers}
    golden = {"made_by": {"script": "onnx.py", "onnx": onnx.__version__}, "models": models, "signs_head": signs_head()}
    path = HERE / "onnx.json"
    path.write_text(json.dumps(golden, indent=1) + "\n")
    print(f"{path}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
