"""
Trains, evaluates and packages `signs`, the model that recognises digits signed by one hand.

    python3 train.py --data DIR --out DIR     trains on four fifths, evaluates on the held-out fifth, writes the package
    python3 train.py --data DIR --validate    trains without the validation photos and prints figures on those; writes nothing
"""

import argparse
import datetime
import shutil
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True

import numpy as np
import torch
from PIL import Image

import evaluate
import package
from data import labels_of, list_photos, load_pixels, load_with_masks, normalise, resize_and_crop, split_photos
from draw_hands import draw_training_set
from fit import fit
from network import predict_logits

# Sums of floats depend on how threads share the work: another number of threads gives slightly other weights.
THREADS = 2
RENDERED_HANDS = 1000
RENDERED_FOR_TESTS = 200


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="a checkout of the Sign Language Digits Dataset")
    parser.add_argument("--out", type=Path, default=package.HERE, help="folder for the package (default: beside this file)")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--trained-at", default=datetime.date.today().isoformat(), help="date for model.json")
    parser.add_argument("--validate", action="store_true", help="choose settings: evaluate on the validation photos only")
    return parser.parse_args()


def train(photos, seed, epochs, report=None):
    print(f"reading {len(photos)} photos and drawing {RENDERED_HANDS} hands", flush=True)
    bank = load_with_masks(photos, np.random.default_rng(seed))
    rendered = draw_training_set(RENDERED_HANDS, seed)
    tensors = lambda arrays: tuple(torch.from_numpy(np.ascontiguousarray(array)) for array in arrays)
    return fit(tensors((bank, labels_of(photos))), tensors(rendered), epochs, seed, report)


def probabilities_of(network, pixels):
    return torch.softmax(predict_logits(network, torch.from_numpy(normalise(pixels))).double(), 1).numpy()


def robustness(network, photos, seed):
    """Accuracy on changed photos, and on drawn hands of which no pose was trained on."""
    hands, labels = draw_training_set(RENDERED_FOR_TESTS, seed + 1)
    drawn = np.stack([resize_and_crop(Image.fromarray(hand[:3].transpose(1, 2, 0))) for hand in hands])
    found = evaluate.robustness(network, photos, labels_of(photos), seed)
    return found | {"drawn hands instead of photos": evaluate.accuracy_on(network, drawn, labels)}


def validate(training, validation, arguments):
    pixels, truth = load_pixels(validation), labels_of(validation)
    report = lambda network: f"validation accuracy {evaluate.accuracy_on(network, pixels, truth):.4f}"
    network = train(training, arguments.seed, arguments.epochs, report)
    metrics = evaluate.quality(probabilities_of(network, pixels), truth, "validation", arguments.seed)
    for name in ("accuracy", "log_loss", "expected_calibration_error"):
        print(f"{name}: {package.interval(metrics[name], str)}")
    for name, share in robustness(network, validation, arguments.seed).items():
        print(f"{share:.4f} {name}")


def build(fitted, held_out, counts, arguments):
    network = train(fitted, arguments.seed, arguments.epochs)
    pixels, truth = load_pixels(held_out), labels_of(held_out)
    probabilities = probabilities_of(network, pixels)
    evaluated_on = (
        f"{len(held_out)} photos, IMG_{held_out[0].number} to IMG_{held_out[-1].number}, of people in no training photo"
    )
    metrics = evaluate.quality(probabilities, truth, evaluated_on, arguments.seed)
    print(f"held-out accuracy: {package.interval(metrics['accuracy'])}", flush=True)
    arguments.out.mkdir(parents=True, exist_ok=True)
    weights = package.write_weights(network, arguments.out)
    reference = evaluate.reference(probabilities, pixels)
    model = package.describe(network, weights, metrics, reference, arguments.seed, arguments.trained_at)
    golden = package.golden(network)
    package.write_json(arguments.out / "model.json", model)
    package.write_json(arguments.out / "golden.json", golden)
    if arguments.out.resolve() != package.HERE:
        shutil.copytree(package.HERE / "examples", arguments.out / "examples", dirs_exist_ok=True)
    run = {
        "epochs": arguments.epochs,
        "torch_version": torch.__version__.split("a")[0],
        "rendered_photos": f"{RENDERED_HANDS:,}",
        "drawn_photos": RENDERED_FOR_TESTS,
        "mean_confidence": package.percent(probabilities.max(1).mean()),
        "plain_accuracy": package.percent(metrics["accuracy"]["value"]),
    }
    robust = robustness(network, held_out, arguments.seed)
    package.write_card(arguments.out, model, golden["cases"], robust, counts, run)


def main():
    arguments = read_arguments()
    torch.set_num_threads(THREADS)
    started = time.monotonic()
    photos = list_photos(arguments.data)
    training, validation, held_out = split_photos(photos)
    if arguments.validate:
        validate(training, validation, arguments)
    else:
        counts = {
            "all_photos": len(photos),
            "training_photos": len(training),
            "validation_photos": len(validation),
            "fitted_photos": len(training) + len(validation),
        }
        build(training + validation, held_out, counts, arguments)
    print(f"done in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
