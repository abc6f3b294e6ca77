"""The data set of hand signs: reading, the split by person, and the documented preprocessing."""

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter, ImageOps

LABELS = [str(digit) for digit in range(10)]

# Every person signed 0 to 9 in one go, so photo numbers rise person by person. Both limits are the first photo ("0") of a
# person: the one nearest to four fifths of all photos, and the one nearest to four fifths of what is left for training.
HELD_OUT_FROM = 5582
VALIDATION_FROM = 5223

# Photos are kept at this size for augmentation, which then warps and scales them down to the model's input.
STORED_EDGE = 100
INPUT_EDGE = 64

PREPROCESSING = {
    "do_convert_rgb": True,
    "do_resize": True,
    "size": {"shortest_edge": INPUT_EDGE},
    "resample": 2,
    "do_center_crop": True,
    "crop_size": {"height": INPUT_EDGE, "width": INPUT_EDGE},
    "do_rescale": True,
    "rescale_factor": 0.00392156862745098,
    "do_normalize": True,
    "image_mean": [0.5, 0.5, 0.5],
    "image_std": [0.25, 0.25, 0.25],
}


@dataclass(frozen=True)
class Photo:
    number: int
    label: int
    path: Path


def list_photos(data_dir):
    """All photos in the order in which they were taken."""
    root = Path(data_dir)
    root = root / "Dataset" if (root / "Dataset").is_dir() else root
    photos = [
        Photo(int(re.search(r"\d+", path.stem).group()), int(path.parent.name), path)
        for path in root.glob("[0-9]/IMG_*.JPG")
    ]
    if not photos:
        raise FileNotFoundError(f"no photo matches {root}/[0-9]/IMG_*.JPG")
    return sorted(photos, key=lambda photo: photo.number)


def split_photos(photos):
    """Training, validation and held-out photos: contiguous, so no person is in two of them."""
    training = [photo for photo in photos if photo.number < VALIDATION_FROM]
    validation = [photo for photo in photos if VALIDATION_FROM <= photo.number < HELD_OUT_FROM]
    held_out = [photo for photo in photos if photo.number >= HELD_OUT_FROM]
    return training, validation, held_out


def open_image(source):
    """Decoded, turned upright by its EXIF orientation, RGB."""
    with Image.open(source) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def resize_and_crop(image, resample=Image.BILINEAR):
    """[64, 64, 3] uint8: the shortest edge scaled to 64, then the centre."""
    width, height = image.size
    scale = INPUT_EDGE / min(width, height)
    width, height = max(INPUT_EDGE, int(width * scale)), max(INPUT_EDGE, int(height * scale))
    image = image.resize((width, height), resample)
    left, top = (width - INPUT_EDGE) // 2, (height - INPUT_EDGE) // 2
    return np.asarray(image.crop((left, top, left + INPUT_EDGE, top + INPUT_EDGE)))


def normalise(pixels):
    """[..., 3, 64, 64] float32 from [..., 64, 64, 3] uint8."""
    scaled = pixels.astype(np.float32) * np.float32(PREPROCESSING["rescale_factor"])
    mean = np.asarray(PREPROCESSING["image_mean"], np.float32)
    std = np.asarray(PREPROCESSING["image_std"], np.float32)
    return np.ascontiguousarray(np.moveaxis((scaled - mean) / std, -1, -3))


def load_pixels(photos):
    """[N, 64, 64, 3] uint8, through the documented preprocessing up to normalisation."""
    return np.stack([resize_and_crop(open_image(photo.path)) for photo in photos])


def labels_of(photos):
    return np.array([photo.label for photo in photos])


def hand_mask(image):
    """How far each pixel belongs to the hand, as an 8-bit image: skin is warmer (red over blue) than the plain grey backdrop."""
    pixels = np.asarray(image, np.float32)
    warmth = pixels[..., 0] - pixels[..., 2]
    backdrop, skin = np.percentile(warmth, 25), np.percentile(warmth, 93)
    share = np.clip(((warmth - backdrop) / max(skin - backdrop, 1) - 0.2) / 0.25, 0, 1)
    mask = Image.fromarray((share * 255).astype(np.uint8))
    return mask.filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.GaussianBlur(0.6))


def recompress(image, quality):
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return open_image(buffer)


def load_with_masks(photos, rng):
    """[N, 3, 4, 100, 100] uint8 RGB and mask: each photo as it is, and recompressed well and badly."""
    bank = np.empty((len(photos), 3, 4, STORED_EDGE, STORED_EDGE), np.uint8)
    for row, photo in zip(bank, photos):
        image = open_image(photo.path).resize((STORED_EDGE, STORED_EDGE), Image.BILINEAR)
        mask = np.asarray(hand_mask(image))
        versions = (image, recompress(image, int(rng.integers(60, 91))), recompress(image, int(rng.integers(25, 61))))
        for version, rgba in zip(versions, row):
            rgba[:3] = np.asarray(version).transpose(2, 0, 1)
            rgba[3] = mask
    return bank
