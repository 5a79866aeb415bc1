"""Losses of a segmentation network: logits (N, C, H, W) in, a scalar out.

``ink`` holds those of the mix that we ship, ``library`` those that kornia and torch have, ``thin`` those
made for thin structures. ``compose`` knows them by name; ``fused`` computes the shipped mix in one pass.
"""

from logdigit.training.losses.compose import TERMS, Objective, Settings
from logdigit.training.losses.ink import IGNORE

__all__ = ["IGNORE", "TERMS", "Objective", "Settings"]
