"""
Draws hands that sign the digits 0 to 9, as seen by a camera in front of the palm.

A hand is a set of tapered capsules in three dimensions (x right, y up, z towards the camera; the palm is about 1 wide).
Each capsule is a height field over the picture; smooth maxima join what grows together, plain maxima overlap the rest,
and light, contact shadows, creases and nails follow from the heights.

    python3 draw_hands.py --out DIR     writes the example pictures of the model card
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

# Index, middle, ring, little finger: the knuckle, the lengths of the three bones, the radius, the spread in degrees.
KNUCKLES = np.array([[0.36, 0.98, 0.0], [0.13, 1.05, 0.03], [-0.11, 1.01, 0.02], [-0.33, 0.89, -0.02]])
BONES = np.array([[0.43, 0.27, 0.19], [0.48, 0.30, 0.20], [0.44, 0.28, 0.20], [0.33, 0.20, 0.18]])
RADII = np.array([0.118, 0.122, 0.115, 0.098])
SPREAD = np.array([9.0, 1.0, -7.0, -19.0])
TAPER = np.array([1.0, 0.95, 0.88, 0.74])
THUMB_BASE = np.array([0.26, 0.20, 0.08])

STRAIGHT, FIST, PINCH = (4, 10, 14), (72, 172, 225), (52, 146, 196)

# Per digit: which fingers are straight, how the others fold, where the thumb's tip lies and how it bows on the way there.
OPEN_THUMB = ((1.10, 0.80, 0.12), (0.06, -0.03, 0.04))
POSES = {
    1: ("1000", FIST, (0.02, 0.72, 0.66), (0.28, 0.05, 0.10)),
    2: ("1100", FIST, (-0.10, 0.68, 0.64), (0.28, 0.02, 0.10)),
    3: ("1100", FIST, *OPEN_THUMB),
    4: ("1111", FIST, (-0.10, 0.66, 0.30), (0.26, 0.02, 0.12)),
    5: ("1111", FIST, *OPEN_THUMB),
    6: ("1110", PINCH, None, (0.24, -0.02, 0.12)),
    7: ("1101", PINCH, None, (0.24, -0.02, 0.12)),
    8: ("1011", PINCH, None, (0.22, -0.04, 0.12)),
    9: ("0111", (48, 118, 172), None, (0.26, -0.10, 0.06)),
}


@dataclass
class Limb:
    """A chain of capsules through `points`; a limb that is `joined` melts into the palm, another one lies upon it."""

    points: np.ndarray
    radii: np.ndarray
    joined: bool
    depth: float = 1.0
    nail: bool = False
    creases: bool = False


@dataclass
class Style:
    skin: tuple = (224, 178, 146)
    backdrop: tuple = (206, 207, 210)
    light: tuple = (-0.35, 0.55, 0.75)
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    zoom: float = 1.0
    shift: tuple = (0.0, 0.0)
    thickness: float = 1.0
    mirror: bool = False
    vignette: float = 0.25


def finger(which, flex, spread, length):
    """Points of a finger whose bones bend by the cumulative angles `flex` out of the palm's plane."""
    angle = np.radians(spread)
    across = np.array([np.sin(angle), np.cos(angle), 0])
    points = [KNUCKLES[which]]
    for bone, bend in zip(BONES[which] * length, np.radians(flex)):
        points.append(points[-1] + bone * (np.cos(bend) * across + np.sin(bend) * np.array([0, 0, 1])))
    return np.array(points)


def rounded(points, radii):
    """The chain with its corners cut, so that a bent finger has no sharp elbow."""
    chain = np.concatenate([points, np.asarray(radii)[:, None]], 1)
    inner = [p for a, b in zip(chain, chain[1:]) for p in (0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b)]
    chain = np.array([chain[0], *inner[1:-1], chain[-1]])
    return chain[:, :3], chain[:, 3]


def thumb(tip, bow):
    tip, bow = np.asarray(tip), np.asarray(bow)
    way = tip - THUMB_BASE
    return np.array([THUMB_BASE, THUMB_BASE + 0.42 * way + bow, THUMB_BASE + 0.74 * way + 0.75 * bow, tip])


def palm(wrist):
    limbs = [
        Limb(np.array([wrist + (k[0] * 0.45, 0.05, 0), k + (0, -0.02, 0)]), np.array([0.19, r * 1.2]), True, 0.75)
        for k, r in zip(KNUCKLES, RADII)
    ]
    limbs.append(Limb(np.array([[0.16, 0.12, 0.06], [0.36, 0.52, 0.06]]), np.array([0.22, 0.17]), True, 0.85))
    limbs.append(Limb(np.array([[-0.20, 0.12, 0.04], [-0.30, 0.62, 0.02]]), np.array([0.19, 0.16]), True, 0.8))
    limbs.append(Limb(np.array([wrist, wrist + (-0.03, -2.2, -0.05)]), np.array([0.30, 0.38]), True, 0.75))
    return limbs


def front_hand(digit, rng, jitter):
    """1 to 9: the palm faces the camera, the thumb of this right hand is on the right."""
    straight, fold, tip, bow = POSES[digit]
    wobble = lambda scale, size=None: rng.normal(0, scale * jitter, size)
    length = 1 + wobble(0.05)
    fan = np.clip(1 + wobble(0.45), 0.3, 2.0)
    limbs = palm(np.zeros(3))
    folded_tip = None
    for which in range(4):
        up = straight[which] == "1"
        flex = np.array(STRAIGHT if up else fold) + wobble(4 if up else 6, 3)
        spread = SPREAD[which] * (fan if up else 0.4) + wobble(2)
        if digit == 9 and which == 0:
            spread = 26 + wobble(5)
        if digit == 2 and up:
            spread += 3 if which == 0 else -5
        points = finger(which, flex, spread, length)
        if not up and fold is not FIST:
            folded_tip = points[3]
        limbs.append(Limb(points, RADII[which] * TAPER, up, nail=not up, creases=up))
    if tip is None:
        tip = folded_tip + np.array([0.03, -0.10, 0.06]) if digit != 9 else folded_tip + np.array([0.05, -0.12, 0.0])
    points = thumb(np.asarray(tip) + wobble(0.03, 3), bow)
    apart = digit in (3, 5)
    limbs.append(Limb(points, np.array([0.19, 0.145, 0.125, 0.098]), apart, nail=not apart))
    return limbs


def side_hand(rng, jitter):
    """0: seen from the thumb's side, the fingers arch over and meet the thumb."""
    wobble = lambda scale, size=None: rng.normal(0, scale * jitter, size)
    squeeze = np.clip(1 + wobble(0.12), 0.7, 1.25)
    wrist = np.array([-0.14, 0.0, 0.0])
    limbs = [Limb(np.array([wrist, wrist + (-0.12, -2.2, -0.05)]), np.array([0.29, 0.37]), True, 0.9)]
    limbs.append(Limb(np.array([[-0.16, 0.1, -0.1], [-0.25, 0.84, -0.03]]), np.array([0.27, 0.19]), True, 0.9))
    limbs.append(Limb(np.array([[-0.02, 0.1, 0.0], [0.10, 0.42, 0.06]]), np.array([0.24, 0.17]), True, 0.9))
    arch = np.array([[-0.30, 0.84, 0.0], [-0.12, 1.26, 0.0], [0.26, 1.36, 0.0], [0.56, 1.15, 0.0]])
    arch[:, 1] = 0.84 + (arch[:, 1] - 0.84) * squeeze
    offsets = ((0, 0, 0), (-0.03, 0.085, -0.20), (-0.065, 0.14, -0.40), (-0.11, 0.12, -0.60))
    for which, offset in reversed(list(enumerate(offsets))):
        points = arch + np.asarray(offset) + wobble(0.012, (4, 3))
        limbs.append(Limb(*rounded(points, RADII[which] * TAPER * 1.15), which == 0))
    tip = arch[3] + np.array([0.04, -0.16, 0.02]) + wobble(0.02, 3)
    points = np.array([[0.02, 0.22, 0.06], [0.32, 0.52, 0.10], [0.54, 0.76, 0.10], tip])
    limbs.append(Limb(*rounded(points, np.array([0.22, 0.155, 0.135, 0.105])), True))
    return limbs


def rotation(style):
    yaw, pitch, roll = np.radians([style.yaw, style.pitch, style.roll])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    return about_z @ about_x @ about_y


def capsule_fields(x, y, start, end, radii, depth):
    """Signed distance to the outline, and height: that of the surface inside, falling steeply outside."""
    way = (end - start)[:2]
    t = np.clip(((x - start[0]) * way[0] + (y - start[1]) * way[1]) / (way @ way + 1e-4), 0, 1)
    away = np.hypot(x - start[0] - t * way[0], y - start[1] - t * way[1])
    radius = radii[0] + t * (radii[1] - radii[0])
    surface = depth * np.sqrt(np.maximum(radius**2 - away**2, 0))
    return away - radius, start[2] + t * (end[2] - start[2]) + surface - 4 * np.maximum(away - radius, 0)


def smooth_max(values, width):
    top = np.max(values, axis=0)
    return top + width * np.log(np.sum(np.exp((np.asarray(values) - top) / width), axis=0))


def limb_fields(x, y, limb):
    pairs = list(zip(range(len(limb.points) - 1), range(1, len(limb.points))))
    pairs += [(i, i) for i in range(len(limb.points))]
    fields = [capsule_fields(x, y, limb.points[a], limb.points[b], limb.radii[[a, b]], limb.depth) for a, b in pairs]
    return np.min([f[0] for f in fields], axis=0), smooth_max([f[1] for f in fields], 0.008)


def blur(array, radius):
    """Gaussian blur by three box blurs along each axis."""
    size = max(1, int(round(radius * 0.9)))
    for axis in (0, 1):
        for _ in range(3):
            pad = [(0, 0), (0, 0)]
            pad[axis] = (size + 1, size)
            total = np.cumsum(np.pad(array, pad, mode="edge"), axis=axis)
            upper, lower = [slice(None)] * 2, [slice(None)] * 2
            upper[axis], lower[axis] = slice(2 * size + 1, None), slice(None, -2 * size - 1)
            array = (total[tuple(upper)] - total[tuple(lower)]) / (2 * size + 1)
    return array


def gaussian(distance, width):
    return np.exp(-0.5 * (distance / width) ** 2)


def nail_strength(x, y, limb):
    """1 on the nail of the last bone, as far as that bone lies across the line of sight."""
    way = (limb.points[-1] - limb.points[-2])[:2]
    length = np.hypot(*way)
    if length < 0.06:
        return 0
    along, centre = way / length, limb.points[-1][:2] + way / length * limb.radii[-1] * 0.15
    u = (x - centre[0]) * along[0] + (y - centre[1]) * along[1]
    v = -(x - centre[0]) * along[1] + (y - centre[1]) * along[0]
    inside = (np.abs(u) / (limb.radii[-1] * 0.85)) ** 3 + (np.abs(v) / (limb.radii[-1] * 0.66)) ** 3
    return np.clip((1 - inside) * 6, 0, 1)


def crease_strength(x, y, limb):
    """Fine lines across a straight finger at its joints."""
    total = 0
    for joint, offsets in ((1, (-0.018, 0.018)), (2, (0.0,)), (0, (0.16,))):
        way = (limb.points[joint + 1] - limb.points[joint])[:2]
        way = way / max(np.hypot(*way), 1e-6)
        u = (x - limb.points[joint][0]) * way[0] + (y - limb.points[joint][1]) * way[1]
        v = np.hypot(x - limb.points[joint][0], y - limb.points[joint][1])
        near = v < limb.radii[joint] * (1.15 if joint else 1.9)
        total = total + sum(gaussian(u - offset + 0.3 * v**2, 0.007) for offset in offsets) * near
    return total


PALM_LINES = (
    ((0.44, 0.74), (0.30, 0.70), (0.12, 0.58), (-0.02, 0.40), (-0.05, 0.20)),
    ((0.43, 0.76), (0.22, 0.72), (0.0, 0.62), (-0.24, 0.50)),
    ((0.20, 0.92), (0.06, 0.82), (-0.14, 0.76), (-0.40, 0.74)),
)


def polyline_strength(x, y, points, width):
    distance = np.inf
    for start, end in zip(points, points[1:]):
        distance = np.minimum(distance, capsule_fields(x, y, start, end, (0, 0), 0)[0])
    return gaussian(distance, width)


def draw(limbs, style, size, has_palm_lines=True, supersampling=2):
    """[size, size, 4] uint8: RGB, and the hand's share of each pixel."""
    edge = size * supersampling
    turn = rotation(style)
    centre = np.array([0.08, 0.84, 0.0])
    scale = 2.65 / style.zoom
    steps = (np.arange(edge) + 0.5) / edge - 0.5
    x = (steps[None, :] - style.shift[0]) * scale * (-1 if style.mirror else 1)
    y = (-steps[:, None] + style.shift[1]) * scale
    x, y = np.broadcast_arrays(x, y)
    placed = [
        Limb((l.points - centre) @ turn.T, l.radii * style.thickness, l.joined, l.depth, l.nail, l.creases)
        for l in limbs
    ]
    fields = [limb_fields(x, y, limb) for limb in placed]
    joined = [f for f, limb in zip(fields, placed) if limb.joined]
    body = smooth_max([f[1] for f in joined], 0.03)
    outline = -smooth_max([-f[0] for f in joined], 0.018)
    layers, outlines = [body], [outline]
    for (distance, height), limb in zip(fields, placed):
        if not limb.joined:
            layers.append(np.where(distance < 0.004, height, -9))
            outlines.append(distance)
    top = np.argmax(layers, axis=0)
    height = np.max(layers, axis=0)
    distance = np.min(outlines, axis=0)
    hand = distance < 0
    unit = edge / scale
    colour = shade(height, hand, style, unit)
    paint_details(colour, x, y, placed, top, turn, centre, has_palm_lines)
    picture = compose(colour, hand, style, edge, unit)
    reduced = picture.reshape(size, supersampling, size, supersampling, 4).mean((1, 3))
    return (np.clip(reduced, 0, 1) * 255 + 0.5).astype(np.uint8)


def shade(height, hand, style, unit):
    """[H, W, 3] 0..1: skin under one lamp and ambient light, darker where something taller stands close."""
    floor = np.where(hand, np.maximum(height, -1.0), -0.35)
    smooth = blur(floor, 0.018 * unit) * 0.5 + floor * 0.5
    gy, gx = np.gradient(smooth, 1 / unit)
    gx = -gx if style.mirror else gx
    normal = np.stack([-gx, gy, np.ones_like(gx)], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    lamp = np.asarray(style.light) / np.linalg.norm(style.light)
    lit = 0.52 + 0.5 * np.clip(normal @ lamp, 0, 1)
    for radius, strength, limit in ((0.02, 3.5, 0.38), (0.07, 1.2, 0.30)):
        lit *= 1 - np.clip(strength * (blur(floor, radius * unit) - floor) - 0.01, 0, limit)
    rim = np.clip(1 - normal[..., 2], 0, 1) ** 3
    lit *= 1 - 0.35 * rim
    skin = np.asarray(style.skin) / 255
    gloss = 0.07 * np.clip(normal @ ((lamp + [0, 0, 1]) / np.linalg.norm(lamp + [0, 0, 1])), 0, 1) ** 24
    return skin * lit[..., None] ** np.array([0.85, 1.05, 1.2]) + gloss[..., None]


def paint_details(colour, x, y, placed, top, turn, centre, has_palm_lines):
    layer = 0
    for limb in placed:
        layer += 0 if limb.joined else 1
        on_top = (top == (0 if limb.joined else layer))[..., None]
        if limb.creases:
            colour *= 1 - 0.22 * np.clip(crease_strength(x, y, limb), 0, 1)[..., None] * on_top * [0.8, 1, 1]
        if limb.nail:
            nail = np.asarray(nail_strength(x, y, limb))[..., None] * on_top
            colour *= 1 - nail + nail * (1.08, 1.02, 1.04)
            colour *= 1 - 0.25 * (4 * nail * (1 - nail))
    if has_palm_lines:
        for line in PALM_LINES:
            points = (np.array([(*p, 0.1) for p in line]) - centre) @ turn.T
            colour *= 1 - 0.20 * polyline_strength(x, y, points, 0.009)[..., None] * (top == 0)[..., None] * [0.8, 1, 1]


def compose(colour, hand, style, edge, unit):
    """[H, W, 4] 0..1: the hand before a plain backdrop with a vignette and the hand's soft shadow."""
    steps = np.linspace(-1, 1, edge)
    falloff = 1 - style.vignette * (steps[:, None] ** 2 + steps[None, :] ** 2) * 0.6
    share = hand.astype(float)
    offset = int(0.05 * unit)
    shadow = blur(np.pad(share, ((offset, 0), (offset, 0)), mode="edge")[:edge, :edge], 0.09 * unit)
    backdrop = np.asarray(style.backdrop) / 255 * (falloff * (1 - 0.22 * shadow))[..., None]
    return np.concatenate([np.where(hand[..., None], colour, backdrop), share[..., None]], -1)


def draw_digit(digit, style, seed, jitter, size):
    """[size, size, 4] uint8; the same arguments draw the same picture."""
    rng = np.random.default_rng(seed)
    limbs = side_hand(rng, jitter) if digit == 0 else front_hand(digit, rng, jitter)
    return draw(limbs, style, size, has_palm_lines=digit != 0)


SKINS = np.array([(241, 205, 180), (226, 180, 148), (205, 152, 116), (176, 122, 86), (140, 94, 68), (110, 74, 56)])


def random_style(rng):
    tone = rng.uniform(0, len(SKINS) - 1)
    low = int(tone)
    skin = SKINS[low] + (tone - low) * (SKINS[min(low + 1, len(SKINS) - 1)] - SKINS[low]) + rng.normal(0, 6, 3)
    grey = rng.uniform(30, 245)
    return Style(
        skin=tuple(np.clip(skin, 20, 255)),
        backdrop=tuple(np.clip(grey + rng.normal(0, 25, 3), 0, 255)),
        light=(rng.uniform(-0.8, 0.8), rng.uniform(-0.2, 0.9), rng.uniform(0.5, 1.0)),
        roll=rng.normal(0, 10),
        yaw=rng.normal(0, 12),
        pitch=rng.normal(0, 10),
        zoom=rng.uniform(0.85, 1.12),
        shift=tuple(rng.uniform(-0.06, 0.06, 2)),
        thickness=rng.uniform(0.88, 1.12),
        vignette=rng.uniform(0, 0.5),
    )


def draw_training_set(count, seed, size=100):
    """([N, 4, size, size] uint8, [N] labels): hands with random pose, view, skin, light and backdrop."""
    rng = np.random.default_rng([seed, 1])
    labels = np.arange(count) % 10
    hands = [draw_digit(int(d), random_style(rng), int(rng.integers(1000, 2**31)), 1.0, size) for d in labels]
    return np.stack(hands).transpose(0, 3, 1, 2), labels


# The example pictures. Their seeds lie below 1000, those of the training set above: no pose is in both.
EXAMPLES = {
    "zero.jpg": (0, Style(skin=SKINS[1], backdrop=(222, 220, 214), roll=-4), 101),
    "one.jpg": (1, Style(skin=SKINS[3], backdrop=(196, 206, 214), roll=5, yaw=8), 102),
    "two.webp": (2, Style(skin=SKINS[0], backdrop=(150, 170, 182), roll=-3, zoom=0.95, light=(0.4, 0.5, 0.75)), 103),
    "three.jpg": (3, Style(skin=SKINS[2], backdrop=(214, 214, 218), roll=-6, zoom=0.95), 104),
    "four.jpg": (4, Style(skin=SKINS[4], backdrop=(208, 200, 188), roll=4, yaw=-6), 105),
    "five.jpg": (5, Style(skin=SKINS[1], backdrop=(120, 146, 132), roll=-5, zoom=0.93), 106),
    "six.jpg": (6, Style(skin=SKINS[2], backdrop=(228, 226, 222), roll=3, pitch=4), 107),
    "seven.jpg": (7, Style(skin=SKINS[5], backdrop=(216, 208, 206), roll=2, yaw=5, zoom=0.92, shift=(0.0, 0.03)), 108),
    "eight.jpg": (8, Style(skin=SKINS[0], backdrop=(176, 160, 150), roll=-4, mirror=True), 109),
    "nine.jpg": (9, Style(skin=SKINS[3], backdrop=(202, 208, 212), roll=3, yaw=-5), 110),
}


def write_examples(directory, size=480):
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    for name, (digit, style, seed) in EXAMPLES.items():
        image = Image.fromarray(draw_digit(digit, style, seed, 0.6, size)[..., :3])
        image.save(directory / name, quality=88)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Draw the example pictures of the model card.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "examples", help="folder for the pictures")
    write_examples(parser.parse_args().out)
