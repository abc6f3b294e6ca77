"""Augmentation of a batch of [B, 4, 100, 100] hands with masks (0..1) into [B, 3, 64, 64] pictures (0..1)."""

import math

import torch
import torch.nn.functional as F

from data import INPUT_EDGE


def uniform(rng, size, low, high):
    return torch.rand(size, generator=rng) * (high - low) + low


def chosen(rng, count, probability):
    return (torch.rand(count, 1, 1, 1, generator=rng) < probability).float()


def homographies(count, hardness, rng):
    """[B, 3, 3]: mirror, rotation, scale, aspect, shear, shift and a little perspective, in coordinates of -1..1."""
    angle = torch.randn(count, generator=rng).mul(20).clamp(-50, 50) * math.pi / 180 * hardness
    zoom = torch.exp(uniform(rng, count, math.log(0.8), math.log(1.4)))
    aspect = torch.exp(uniform(rng, count, -0.12, 0.12))
    mirror = torch.where(torch.rand(count, generator=rng) < 0.5, -1.0, 1.0)
    shear = uniform(rng, count, -0.15, 0.15)
    cos, sin = torch.cos(angle), torch.sin(angle)
    matrix = torch.zeros(count, 3, 3)
    matrix[:, 0, 0] = cos * zoom * aspect * mirror
    matrix[:, 0, 1] = (shear - sin) * zoom * aspect
    matrix[:, 1, 0] = sin * zoom / aspect * mirror
    matrix[:, 1, 1] = cos * zoom / aspect
    matrix[:, :2, 2] = uniform(rng, (count, 2), -0.2, 0.2) * hardness
    matrix[:, 2, :2] = uniform(rng, (count, 2), -0.12, 0.12) * hardness
    matrix[:, 2, 2] = 1
    return matrix


def warp(hands, hardness, rng):
    """Warps, and scales down in one of four ways, because no two image libraries resample alike."""
    way = int(torch.randint(4, (1,), generator=rng))
    edge = (INPUT_EDGE, 2 * INPUT_EDGE, 96, 96)[way]
    steps = torch.linspace(-1 + 1 / edge, 1 - 1 / edge, edge)
    y, x = torch.meshgrid(steps, steps, indexing="ij")
    points = torch.stack([x, y, torch.ones_like(x)], -1).reshape(1, -1, 3)
    moved = points @ homographies(len(hands), hardness, rng).transpose(1, 2)
    grid = (moved[..., :2] / moved[..., 2:]).reshape(-1, edge, edge, 2)
    warped = F.grid_sample(hands, grid, padding_mode="border", align_corners=False)
    if way == 1:
        return F.avg_pool2d(warped, 2)
    if way >= 2:
        mode = "bilinear" if way == 2 else "bicubic"
        warped = F.interpolate(warped, INPUT_EDGE, mode=mode, antialias=True, align_corners=False)
    return warped.clamp(0, 1)


def backgrounds(count, rng):
    """[B, 3, 64, 64]: a random colour, with soft clouds, stripes and grain of random strength."""
    picture = torch.rand(count, 3, 1, 1, generator=rng)
    grey = chosen(rng, count, 0.4)
    picture = grey * picture.mean(1, keepdim=True) + (1 - grey) * picture
    picture = picture.expand(-1, -1, INPUT_EDGE, INPUT_EDGE)
    for cells in (2, 4, 9, 22):
        clouds = torch.randn(count, 3, cells, cells, generator=rng)
        clouds = 0.7 * clouds.mean(1, keepdim=True) * 1.7 + 0.3 * clouds
        strength = torch.rand(count, 1, 1, 1, generator=rng).pow(3) * 0.25
        picture = picture + strength * F.interpolate(clouds, INPUT_EDGE, mode="bicubic", align_corners=False)
    steps = torch.linspace(-1, 1, INPUT_EDGE)
    direction = torch.randn(count, 2, 1, 1, generator=rng) * 9
    waves = torch.sin(steps.view(1, -1, 1) * direction[:, :1, 0] + steps.view(1, 1, -1) * direction[:, 1:, 0]).unsqueeze(1)
    stripes = torch.tanh(waves * uniform(rng, (count, 1, 1, 1), 1, 12)) * uniform(rng, (count, 3, 1, 1), -0.3, 0.3)
    grain = torch.randn(count, 3, INPUT_EDGE, INPUT_EDGE, generator=rng) * uniform(rng, (count, 1, 1, 1), 0, 0.08)
    return (picture + stripes * chosen(rng, count, 0.25) + grain).clamp(0, 1)


def recolour_skin(picture, rng):
    """Lighter and much darker skin, and other white balances: a gain per channel and a gamma."""
    count = len(picture)
    gamma = torch.exp(uniform(rng, (count, 1, 1, 1), -0.3, 0.9))
    gain = uniform(rng, (count, 3, 1, 1), 0.8, 1.2)
    return (picture.clamp(1e-3, 1) ** gamma * gain).clamp(0, 1)


def replace_background(picture, mask, rng):
    count = len(picture)
    skin = torch.lerp(picture, recolour_skin(picture, rng), chosen(rng, count, 0.6))
    hard = chosen(rng, count, 0.5)
    mask = hard * ((mask - 0.5) * 3 + 0.5).clamp(0, 1) + (1 - hard) * mask
    swapped = torch.lerp(backgrounds(count, rng), skin, mask)
    return torch.lerp(picture, swapped, chosen(rng, count, 0.4))


def relight(picture, rng):
    """Light from one side, exposure, contrast, gamma, saturation and white balance."""
    count = len(picture)
    slope = torch.randn(count, 1, 2, 2, generator=rng) * 0.12 * chosen(rng, count, 0.5)
    picture = picture * (1 + F.interpolate(slope, INPUT_EDGE, mode="bilinear", align_corners=True))
    picture = picture * uniform(rng, (count, 3, 1, 1), 0.88, 1.12)
    grey = picture.mean(1, keepdim=True)
    picture = grey + (picture - grey) * uniform(rng, (count, 1, 1, 1), 0.0, 1.6)
    middle = picture.mean((1, 2, 3), keepdim=True)
    picture = (picture - middle) * uniform(rng, (count, 1, 1, 1), 0.5, 1.4) + middle
    picture = picture * torch.exp(uniform(rng, (count, 1, 1, 1), -0.7, 0.25))
    return picture.clamp(1e-3, 1) ** torch.exp(uniform(rng, (count, 1, 1, 1), -0.4, 0.4))


def degrade(picture, rng):
    """Blur, noise and one hidden patch."""
    count = len(picture)
    soft = F.avg_pool2d(F.pad(picture, (1, 1, 1, 1), mode="replicate"), 3, 1)
    softer = F.avg_pool2d(F.pad(soft, (1, 1, 1, 1), mode="replicate"), 3, 1)
    amount = uniform(rng, (count, 1, 1, 1), -0.4, 1).clamp(0, 1) * chosen(rng, count, 0.35)
    picture = torch.lerp(picture, softer, amount)
    noise = torch.rand(count, 1, 1, 1, generator=rng).pow(2) * 0.08
    picture = picture + torch.randn(picture.shape, generator=rng) * noise
    steps = torch.linspace(-1, 1, INPUT_EDGE)
    centre = uniform(rng, (count, 2), -1, 1)
    half = uniform(rng, (count, 2), 0.08, 0.22)
    rows = ((steps - centre[:, :1]).abs() < half[:, :1]).float()
    columns = ((steps - centre[:, 1:]).abs() < half[:, 1:]).float()
    patch = (rows[:, None, :, None] * columns[:, None, None, :]) * chosen(rng, count, 0.25)
    return (picture * (1 - patch) + torch.rand(count, 3, 1, 1, generator=rng) * patch).clamp(0, 1)


def augment(hands, hardness, rng):
    """hardness, 0..1: the share of the pictures whose colours change, and how far the geometry does."""
    warped = warp(hands, hardness, rng)
    picture = replace_background(warped[:, :3], warped[:, 3:], rng)
    picture = degrade(relight(picture, rng), rng)
    return torch.lerp(warped[:, :3], picture, chosen(rng, len(hands), hardness))
