"""Figures of the model card: quality with intervals, calibration, robustness, and the reference histograms for drift."""

import math

import numpy as np
import torch
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from data import LABELS, hand_mask, normalise, open_image, recompress, resize_and_crop
from network import predict_logits

CONFIDENCE_LEVEL = 0.95
BOOTSTRAP_ROUNDS = 2000
CALIBRATION_BINS = 10
LUMA = np.array([0.299, 0.587, 0.114])


def figure(value, lower, upper, digits=4):
    return {"value": round(float(value), digits), "lower": round(float(lower), digits), "upper": round(float(upper), digits)}


def wilson(hits, rows):
    """Share and its Wilson score interval at 95 %."""
    if rows == 0:
        return figure(0, 0, 1)
    z, share = 1.959964, hits / rows
    centre = (share + z * z / (2 * rows)) / (1 + z * z / rows)
    half = z / (1 + z * z / rows) * math.sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows))
    return figure(share, max(0.0, centre - half), min(1.0, centre + half))


def bootstrap(statistic, rows, seed):
    """The statistic of all rows, and its 95 % percentile interval over resampled rows."""
    rng = np.random.default_rng(seed)
    rounds = [statistic(rng.integers(rows, size=rows)) for _ in range(BOOTSTRAP_ROUNDS)]
    lower, upper = np.percentile(rounds, [2.5, 97.5])
    interval = figure(statistic(np.arange(rows)), lower, upper)
    return interval | {"confidence_level": CONFIDENCE_LEVEL, "method": "bootstrap", "rounds": BOOTSTRAP_ROUNDS, "seed": seed}


def calibration_error(confidence, hits):
    """Expected calibration error over ten equal bins of confidence."""
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = [abs(confidence[bins == b].sum() - hits[bins == b].sum()) for b in range(CALIBRATION_BINS)]
    return sum(gaps) / len(confidence)


def quality(probabilities, truth, evaluated_on, seed):
    rows = len(truth)
    predicted = probabilities.argmax(1)
    hits = (predicted == truth).astype(float)
    confidence = probabilities.max(1)
    losses = -np.log(np.maximum(probabilities[np.arange(rows), truth], 1e-12))
    matrix = np.zeros((len(LABELS), len(LABELS)), int)
    np.add.at(matrix, (truth, predicted), 1)
    per_class = {
        label: {
            "precision": wilson(matrix[i, i], matrix[:, i].sum()),
            "recall": wilson(matrix[i, i], matrix[i].sum()),
            "support": int(matrix[i].sum()),
        }
        for i, label in enumerate(LABELS)
    }
    return {
        "evaluated_on": evaluated_on,
        "rows": rows,
        "accuracy": wilson(hits.sum(), rows) | {"confidence_level": CONFIDENCE_LEVEL, "method": "wilson"},
        "log_loss": bootstrap(lambda chosen: losses[chosen].mean(), rows, seed),
        "expected_calibration_error": bootstrap(lambda chosen: calibration_error(confidence[chosen], hits[chosen]), rows, seed),
        "per_class": per_class,
        "confusion_matrix": {"labels": LABELS, "rows": matrix.tolist()},
    }


def histogram(values, edges):
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), bins=edges)
    return {"edges": [round(float(edge), 4) for edge in edges], "counts": counts.tolist()}


def reference(probabilities, pixels):
    """What drift detection compares later inputs and predictions with; see the model card for the definitions."""
    luma = (pixels / 255.0) @ LUMA
    sharpness = np.abs(np.diff(luma, axis=1)).mean((1, 2)) + np.abs(np.diff(luma, axis=2)).mean((1, 2))
    return {
        "dataset": "held-out fifth",
        "rows": len(pixels),
        "predicted_label": {
            "labels": LABELS,
            "counts": np.bincount(probabilities.argmax(1), minlength=len(LABELS)).tolist(),
        },
        "confidence": histogram(probabilities.max(1), np.linspace(0, 1, 11)),
        "brightness": histogram(luma.mean((1, 2)), np.linspace(0, 1, 21)),
        "contrast": histogram(luma.std((1, 2)), np.linspace(0, 0.5, 21)),
        "sharpness": histogram(sharpness, np.linspace(0, 0.2, 21)),
    }


def turned(image, degrees):
    """Rotated about the centre; the corners take the colour of the picture's edge."""
    padded = np.asarray(image)
    pad = padded.shape[0] // 2
    padded = Image.fromarray(np.pad(padded, ((pad, pad), (pad, pad), (0, 0)), mode="edge"))
    padded = padded.rotate(degrees, Image.BICUBIC)
    return padded.crop((pad, pad, pad + image.width, pad + image.height))


def before(image, backdrop):
    return Image.composite(image, backdrop, hand_mask(image))


def cloudy_backdrop(size, rng):
    """Coloured clouds with grain: no plain wall."""
    coarse = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)).resize(size, Image.BICUBIC)
    grain = rng.normal(0, 10, (size[1], size[0], 1))
    return Image.fromarray(np.clip(np.asarray(coarse) + grain, 0, 255).astype(np.uint8))


def plain_backdrop(size, rng):
    return Image.new("RGB", size, tuple(int(v) for v in rng.integers(0, 256, 3)))


def darker_skin(image):
    pixels = (np.asarray(image) / 255.0) ** 1.6 * 255 * np.array([0.62, 0.58, 0.55])
    return Image.composite(Image.fromarray(pixels.astype(np.uint8)), image, hand_mask(image))


def noisy(image, rng, deviation):
    pixels = np.asarray(image) + rng.normal(0, deviation, (image.height, image.width, 3))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


CHANGES = {
    "as photographed": lambda image, rng: image,
    "mirrored (other hand)": lambda image, rng: ImageOps.mirror(image),
    "turned 20° to the left": lambda image, rng: turned(image, 20),
    "turned 20° to the right": lambda image, rng: turned(image, -20),
    "turned 35° to the left": lambda image, rng: turned(image, 35),
    "turned 35° to the right": lambda image, rng: turned(image, -35),
    "brightness × 0.4": lambda image, rng: ImageEnhance.Brightness(image).enhance(0.4),
    "brightness × 1.4": lambda image, rng: ImageEnhance.Brightness(image).enhance(1.4),
    "contrast × 0.5": lambda image, rng: ImageEnhance.Contrast(image).enhance(0.5),
    "greyscale": lambda image, rng: ImageOps.grayscale(image).convert("RGB"),
    "darker skin (hand recoloured)": lambda image, rng: darker_skin(image),
    "plain coloured background": lambda image, rng: before(image, plain_backdrop(image.size, rng)),
    "cloudy coloured background": lambda image, rng: before(image, cloudy_backdrop(image.size, rng)),
    "Gaussian blur, 1.5 px of 100": lambda image, rng: image.filter(ImageFilter.GaussianBlur(1.5)),
    "Gaussian noise, deviation 15 of 255": lambda image, rng: noisy(image, rng, 15),
    "JPEG quality 20": lambda image, rng: recompress(image, 20),
}

RESAMPLINGS = {
    "nearest": Image.NEAREST,
    "box": Image.BOX,
    "bicubic": Image.BICUBIC,
    "Lanczos": Image.LANCZOS,
}


def accuracy_on(network, pixels, truth):
    predicted = predict_logits(network, torch.from_numpy(normalise(pixels))).argmax(1).numpy()
    return float((predicted == truth).mean())


def robustness(network, photos, truth, seed):
    """Accuracy on the same photos after each change, at 100 x 100, and after resizing in other ways than documented."""
    images = [open_image(photo.path).resize((100, 100), Image.BILINEAR) for photo in photos]
    found = {}
    for name, change in CHANGES.items():
        rng = np.random.default_rng(seed)
        found[name] = accuracy_on(network, np.stack([resize_and_crop(change(image, rng)) for image in images]), truth)
    for name, way in RESAMPLINGS.items():
        pixels = np.stack([resize_and_crop(image, way) for image in images])
        found[f"resized with {name} instead of bilinear"] = accuracy_on(network, pixels, truth)
    return found
