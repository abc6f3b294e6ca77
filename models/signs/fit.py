"""The training loop: AdamW, a cosine schedule with warm-up, label smoothing, weight averaging."""

import copy
import math
import time

import torch
import torch.nn.functional as F

from augment import augment
from network import SignsNetwork

BATCH = 32
PEAK_LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.02
WARM_UP_SHARE = 0.05
LABEL_SMOOTHING = 0.03
AVERAGE_DECAY = 0.998
# Hard pictures from the first step keep the network at chance for tens of epochs, so the augmentation grows with the training.
FIRST_HARDNESS, LAST_HARDNESS, HARDEST_FROM_SHARE = 0.2, 0.9, 0.4
# Rendered hands in every batch of 32.
RENDERED_PER_BATCH = 4


def learning_rate(step, steps):
    warm_up = WARM_UP_SHARE * steps
    if step < warm_up:
        return PEAK_LEARNING_RATE * (step + 1) / warm_up
    return PEAK_LEARNING_RATE * 0.5 * (1 + math.cos(math.pi * (step - warm_up) / (steps - warm_up)))


def hardness(step, steps):
    progress = min(1, step / (HARDEST_FROM_SHARE * steps))
    return FIRST_HARDNESS + (LAST_HARDNESS - FIRST_HARDNESS) * progress


def update_average(average, network, step):
    decay = min(AVERAGE_DECAY, (step + 1) / (step + 10))
    with torch.no_grad():
        for kept, current in zip(average.state_dict().values(), network.state_dict().values()):
            if kept.dtype.is_floating_point:
                kept.lerp_(current, 1 - decay)
            else:
                kept.copy_(current)


def batches(photos, rendered, rng):
    """One epoch: every photo once, in a random version, with some rendered hands beside it."""
    bank, labels = photos
    for rows in torch.randperm(len(bank), generator=rng).split(BATCH - RENDERED_PER_BATCH):
        version = torch.randint(bank.shape[1], (len(rows),), generator=rng)
        hands, targets = bank[rows, version], labels[rows]
        if rendered is not None:
            extra = torch.randint(len(rendered[0]), (RENDERED_PER_BATCH,), generator=rng)
            hands = torch.cat([hands, rendered[0][extra]])
            targets = torch.cat([targets, rendered[1][extra]])
        yield hands.float() / 255, targets


def fit(photos, rendered, epochs, seed, report=None):
    """
    Trains one network and returns the running average of its weights.

    photos: ([N, versions, 4, 100, 100] uint8, [N] labels); rendered: ([M, 4, 100, 100] uint8, [M] labels) or None;
    report: called with the averaged network every tenth epoch, returns text to print.
    """
    torch.manual_seed(seed)
    rng = torch.Generator().manual_seed(seed)
    network = SignsNetwork()
    average = copy.deepcopy(network).eval()
    decayed = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0}])
    steps = epochs * math.ceil(len(photos[0]) / (BATCH - RENDERED_PER_BATCH))
    step, started = 0, time.monotonic()
    for epoch in range(1, epochs + 1):
        network.train()
        total = 0.0
        for hands, targets in batches(photos, rendered, rng):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(step, steps)
            logits, _ = network((augment(hands, hardness(step, steps), rng) - 0.5) / 0.25)
            loss = F.cross_entropy(logits, targets, label_smoothing=LABEL_SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            update_average(average, network, step)
            total += loss.item() * len(targets)
            step += 1
        if epoch % 10 == 0 or epoch == epochs:
            extra = f", {report(average)}" if report else ""
            mean_loss = total / (len(photos[0]) * BATCH / (BATCH - RENDERED_PER_BATCH))
            print(f"epoch {epoch}/{epochs}: loss {mean_loss:.4f}{extra}, {time.monotonic() - started:.0f} s", flush=True)
    return average
