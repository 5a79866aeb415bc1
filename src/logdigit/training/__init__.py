"""Training: a corpus of patches to the weights that ``ink`` reads."""
