"""Writes what ships: model.onnx, model.json, golden.json and the model card."""

import hashlib
import json
import re
from pathlib import Path
from string import Template

import numpy as np
import torch

from data import HELD_OUT_FROM, LABELS, PREPROCESSING, VALIDATION_FROM, normalise, open_image, resize_and_crop
from draw_hands import EXAMPLES
from network import EMBEDDING_SIZE, count_parameters, export_onnx, fold_batch_norm

HERE = Path(__file__).parent
DATASET = {
    "name": "Sign Language Digits Dataset",
    "url": "https://github.com/ardamavi/Sign-Language-Digits-Dataset",
    "licence": "Apache-2.0",
}
DESCRIPTION = "Recognises the digit, 0 to 9, that one hand signs before a plain background."

# Inputs that any language can build without an image: see pixel_formula in golden.json.
TENSOR_CASES = (
    {"multiplier": 7919, "offset": 0, "modulus": 256, "divisor": 255},
    {"multiplier": 5, "offset": 17, "modulus": 251, "divisor": 250},
)


def round_all(values, digits):
    return [round(float(value), digits) for value in values]


def to_json(content):
    """Indented, but lists of plain values on one line."""
    text = json.dumps(content, indent=2, ensure_ascii=False)
    return re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda found: "[" + " ".join(found[1].split()) + "]", text)


def write_json(path, content):
    path.write_text(to_json(content) + "\n", encoding="utf-8")


def write_weights(network, out):
    path = out / "model.onnx"
    export_onnx(fold_batch_norm(network), path)
    content = path.read_bytes()
    return {"file": path.name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def describe(network, weights, metrics, reference, seed, trained_at):
    return {
        "name": "signs",
        "version": "1",
        "task": "image-classification",
        "description": DESCRIPTION,
        "licence": "MIT",
        "source": {
            "kind": "trained",
            "recipe": "models/signs/train.py",
            "dataset": DATASET,
            "seed": seed,
            "trained_at": trained_at,
            "parameters": count_parameters(fold_batch_norm(network)),
        },
        "weights": weights,
        "signature": {
            "inputs": [{"name": "pixel_values", "datatype": "FP32", "shape": [-1, 3, 64, 64]}],
            "outputs": [
                {"name": "logits", "datatype": "FP32", "shape": [-1, len(LABELS)]},
                {"name": "embedding", "datatype": "FP32", "shape": [-1, EMBEDDING_SIZE]},
            ],
        },
        "preprocessing": PREPROCESSING,
        "postprocessing": {"function_to_apply": "softmax", "output": "logits"},
        "labels": LABELS,
        "metrics": metrics,
        "reference": reference,
    }


def run_network(network, pixel_values):
    with torch.no_grad():
        logits, embedding = network(torch.from_numpy(pixel_values))
    return logits[0], embedding[0]


def image_case(network, name, digit):
    logits, _ = run_network(network, normalise(resize_and_crop(open_image(HERE / "examples" / name)))[None])
    confidences = torch.softmax(logits, 0).numpy()
    if confidences.argmax() != digit:
        raise ValueError(f"the network takes examples/{name} for a {confidences.argmax()}, expected {digit}")
    return {"image": f"examples/{name}", "label": LABELS[digit], "confidences": round_all(confidences, 6)}


def tensor_case(network, formula):
    index = np.arange(3 * 64 * 64)
    pixels = (index * formula["multiplier"] + formula["offset"]) % formula["modulus"] / formula["divisor"]
    mean, std = (np.array(PREPROCESSING[key]).reshape(3, 1, 1) for key in ("image_mean", "image_std"))
    pixel_values = ((pixels.reshape(3, 64, 64) - mean) / std).astype(np.float32)[None]
    logits, embedding = run_network(network, pixel_values)
    return formula | {"shape": [1, 3, 64, 64], "logits": round_all(logits, 6), "embedding_first_8": round_all(embedding[:8], 6)}


def golden(network):
    """Expected results, computed by PyTorch before BatchNorm is folded, so that export and runtime are both held to account."""
    return {
        "tolerance": 0.05,
        "cases": [image_case(network, name, digit) for name, (digit, _, _) in EXAMPLES.items()],
        "tensor_tolerance": 0.0001,
        "pixel_formula": "pixel i = ((i * multiplier + offset) % modulus) / divisor, then (pixel - image_mean) / image_std; "
        "i is the flat index over [channel, row, column]",
        "tensor_cases": [tensor_case(network, formula) for formula in TENSOR_CASES],
    }


def percent(share):
    return f"{100 * share:.1f} %"


def interval(found, show=percent):
    return f"{show(found['value'])} ({show(found['lower'])} to {show(found['upper'])})"


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def write_card(out, model, cases, robust, counts, run):
    metrics, matrix = model["metrics"], model["metrics"]["confusion_matrix"]
    four_digits = lambda value: f"{value:.4f}"
    per_class = [
        [label, interval(row["precision"]), interval(row["recall"]), row["support"]]
        for label, row in metrics["per_class"].items()
    ]
    examples = [
        [f"![a hand that signs {case['label']}]({case['image']})", case["label"], percent(max(case["confidences"]))]
        for case in cases
    ]
    text = Template((HERE / "card.template.md").read_text(encoding="utf-8")).substitute(
        counts | run,
        accuracy=interval(metrics["accuracy"]),
        log_loss=interval(metrics["log_loss"], four_digits),
        calibration_error=interval(metrics["expected_calibration_error"], four_digits),
        bootstrap_rounds=metrics["log_loss"]["rounds"],
        wrong=round((1 - metrics["accuracy"]["value"]) * metrics["rows"]),
        rows=metrics["rows"],
        per_class=table(["digit", "precision", "recall", "photos"], per_class),
        confusion=table(["", *LABELS], [[f"**{label}**", *row] for label, row in zip(LABELS, matrix["rows"])]),
        robustness=table(["change", "accuracy"], [[name, percent(share)] for name, share in robust.items()]),
        examples=table(["picture", "label", "confidence"], examples),
        parameters=f"{model['source']['parameters']:,}",
        kilobytes=round(model["weights"]["bytes"] / 1000),
        embedding=EMBEDDING_SIZE,
        seed=model["source"]["seed"],
        held_out_from=HELD_OUT_FROM,
        before_held_out=HELD_OUT_FROM - 1,
        validation_from=VALIDATION_FROM,
        before_validation=VALIDATION_FROM - 1,
        preprocessing=to_json(PREPROCESSING),
    )
    (out / "README.md").write_text(text, encoding="utf-8")
