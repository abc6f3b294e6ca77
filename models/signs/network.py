"""The network: a small residual CNN whose pooled features are the embedding."""

import copy

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

EMBEDDING_SIZE = 128


class ConvBlock(nn.Module):
    def __init__(self, inputs, outputs, stride=1, kernel=3):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x)))


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = ConvBlock(channels, channels)
        self.second = ConvBlock(channels, channels)

    def forward(self, x):
        return x + self.second(self.first(x))


class SignsNetwork(nn.Module):
    def __init__(self, dropout=0.1):
        super().__init__()
        self.features = nn.Sequential(
            ConvBlock(3, 16),
            ConvBlock(16, 24, stride=2),
            Residual(24),
            ConvBlock(24, 44, stride=2),
            Residual(44),
            ConvBlock(44, 60, stride=2),
            Residual(60),
            ConvBlock(60, EMBEDDING_SIZE, kernel=1),
        )
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(EMBEDDING_SIZE, 10)

    def forward(self, pixel_values):
        embedding = self.features(pixel_values).mean((2, 3))
        return self.head(self.dropout(embedding)), embedding


def predict_logits(network, pixel_values):
    with torch.no_grad():
        return torch.cat([network(chunk)[0] for chunk in pixel_values.split(128)])


def fold_batch_norm(network):
    """A copy for inference, with every BatchNorm folded into the convolution before it."""
    folded = copy.deepcopy(network).eval()
    for block in [module for module in folded.modules() if isinstance(module, ConvBlock)]:
        block.conv = fuse_conv_bn_eval(block.conv, block.norm)
        block.norm = nn.Identity()
    return folded


def count_parameters(network):
    return sum(parameter.numel() for parameter in network.parameters())


def export_onnx(network, path):
    torch.onnx.export(
        network,
        torch.zeros(2, 3, 64, 64),
        str(path),
        input_names=["pixel_values"],
        output_names=["logits", "embedding"],
        dynamic_axes={name: {0: "batch"} for name in ("pixel_values", "logits", "embedding")},
        opset_version=15,
    )
