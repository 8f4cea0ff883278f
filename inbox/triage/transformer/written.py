"""What was taught, written so that ONNX Runtime runs it fast: multiplications in whole numbers, no step that is not needed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from inbox.triage.transformer.layers import LARGEST, LARGEST_WEIGHT
from inbox.triage.transformer.layers import digest as digest_of_examples

EPSILON = 1e-12  # while it is taught; MeanVarianceNormalization has its own, 1e-9
OURS, THEIRS = 18, 1  # versions of the operators: those of ONNX, those that ONNX Runtime adds
ADDED = "com.microsoft"
FORMAT = 9
WIDTH = 32  # of the numbers that only show whether a processor adds them up


@dataclass
class Graph:
    """Nodes and numbers as they come."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    numbers: list[onnx.TensorProto] = field(default_factory=list)

    def number(self, name: str, values: NDArray[Any]) -> str:
        self.numbers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: Sequence[str], output: str, domain: str = "", **how: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **how))
        return output

    def linear(self, rows: str, name: str, layer: Any) -> str:
        """In whole numbers from -127 to 127, each column with its scale; the rows are rounded as they come."""
        weights, bias = _values(layer.weight).T, _values(layer.bias)
        scales = np.abs(weights).max(axis=0) / LARGEST_WEIGHT
        given = (
            self.number(f"{name}.rounded", np.round(weights / scales).astype(np.int8)),
            self.number(f"{name}.scales", scales),
            self.number(f"{name}.zeros", np.zeros(len(scales), np.int8)),
            self.number(f"{name}.bias", bias),
        )
        return self.node("DynamicQuantizeMatMul", [rows, *given], name, ADDED)

    def normed(self, rows: str, name: str, norm: Any) -> str:
        """LayerNormalization in three steps: ONNX Runtime's own goes number by number, and takes four times as long."""
        even = self.node("MeanVarianceNormalization", [rows], f"{name}.even", axes=[2])
        scaled = self.node("Mul", [even, self.number(f"{name}.weight", _values(norm.weight))], f"{name}.scaled")
        return self.node("Add", [scaled, self.number(f"{name}.bias", _values(norm.bias))], name)

    def added(self, rows: str, more: str, name: str, norm: Any) -> str:
        return self.normed(self.node("Add", [rows, more], f"{name}.sum"), name, norm)


def write(path: Path, transformer: Any, topics: Sequence[str], kinds: Sequence[str]) -> None:
    graph = Graph()
    rows = _looked_up(graph, transformer)
    for at, layer in enumerate(transformer.layers):
        rows = _heard(graph, rows, f"layer{at}", layer)
    _said(graph, rows, transformer.heads[-1])
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, [1, "count"]) for name in ("pieces", "places")]
    output = helper.make_tensor_value_info("said", TensorProto.FLOAT, [1, len(topics) + len(kinds) + 1])
    model = _model(graph, inputs, output)
    helper.set_model_props(model, {"topics": " ".join(topics), "kinds": ",".join(kinds), "digest": digest_of_examples()})
    onnx.save(model, path)
    _write_largest()


def _write_largest() -> None:
    """By itself, what shows whether a processor adds up the largest numbers: layers.adds_up."""
    graph = Graph()
    weights = np.full((WIDTH, WIDTH), LARGEST_WEIGHT, np.int8)
    given = (
        graph.number("rounded", weights),
        graph.number("scales", np.ones(WIDTH, np.float32)),
        graph.number("zeros", np.zeros(WIDTH, np.int8)),
    )
    graph.node("DynamicQuantizeMatMul", ["rows", *given], "said", ADDED)
    rows, said = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, WIDTH]) for name in ("rows", "said"))
    onnx.save(_model(graph, [rows], said), LARGEST)


def _model(graph: Graph, inputs: Sequence[onnx.ValueInfoProto], output: onnx.ValueInfoProto) -> onnx.ModelProto:
    versions = [helper.make_opsetid("", OURS), helper.make_opsetid(ADDED, THEIRS)]
    whole = helper.make_graph(graph.nodes, output.name, inputs, [output], graph.numbers)
    return helper.make_model(whole, opset_imports=versions, ir_version=FORMAT)


def _looked_up(graph: Graph, transformer: Any) -> str:
    pieces = _values(transformer.pieces.weight)
    scales = np.maximum(np.abs(pieces).max(axis=1, keepdims=True), 1e-6) / LARGEST_WEIGHT
    graph.number("table.rounded", np.round(pieces / scales).astype(np.int8))
    graph.number("table.scales", scales)
    graph.number("table.places", _values(transformer.places.weight))
    rounded = graph.node("Cast", [graph.node("Gather", ["table.rounded", "pieces"], "found")], "cast", to=TensorProto.FLOAT)
    rows = graph.node("Mul", [rounded, graph.node("Gather", ["table.scales", "pieces"], "scales")], "piece")
    rows = graph.node("Add", [rows, graph.node("Gather", ["table.places", "places"], "place")], "placed")
    return graph.normed(rows, "begun", transformer.norm)


def _heard(graph: Graph, rows: str, name: str, layer: Any) -> str:
    heard = _answered(graph, graph.linear(rows, f"{name}.asked", layer.asked), name, layer)
    rows = graph.added(rows, graph.linear(heard, f"{name}.answered", layer.answered), f"{name}.beside", layer.beside)
    inner = graph.node("Gelu", [graph.linear(rows, f"{name}.inner", layer.inner)], f"{name}.curved", ADDED)
    return graph.added(rows, graph.linear(inner, f"{name}.outer", layer.outer), f"{name}.after", layer.after)


def _answered(graph: Graph, asked: str, name: str, layer: Any) -> str:
    """What each head hears of the others' values, by how their keys answer its query."""
    width = layer.answered.in_features
    apart = graph.number(f"{name}.apart", np.array([-1, 3, layer.heads, width // layer.heads], np.int64))
    together = graph.number(f"{name}.together", np.array([1, -1, width], np.int64))
    in_parts = graph.node("Reshape", [asked, apart], f"{name}.parts")
    by_head = graph.node("Transpose", [in_parts], f"{name}.by_head", perm=[1, 2, 0, 3])
    query, key, value = parts = [f"{name}.{part}" for part in ("query", "key", "value")]
    graph.nodes.append(helper.make_node("Split", [by_head], parts, axis=0, num_outputs=len(parts)))
    fits = graph.node("FusedMatMul", [query, key], f"{name}.fits", ADDED, transB=1, alpha=(width // layer.heads) ** -0.5)
    shares = graph.node("Softmax", [fits], f"{name}.shares", axis=-1)
    heard = graph.node("MatMul", [shares, value], f"{name}.each")
    in_a_row = graph.node("Transpose", [heard], f"{name}.in_a_row", perm=[0, 2, 1, 3])
    return graph.node("Reshape", [in_a_row, together], f"{name}.heard")


def _said(graph: Graph, rows: str, heads: Any) -> None:
    axis = graph.number("axis", np.array([1], np.int64))
    both = [graph.node(kind, [rows, axis], kind.lower(), keepdims=0) for kind in ("ReduceMean", "ReduceMax")]
    state = graph.node("Concat", both, "state", axis=1)
    said = graph.node("MatMul", [state, graph.number("heads.weight", _values(heads.weight).T)], "unbiased")
    graph.node("Add", [said, graph.number("heads.bias", _values(heads.bias))], "said")


def _values(parameter: Any) -> NDArray[np.float32]:
    values: NDArray[np.float32] = parameter.detach().float().numpy()
    return values
