"""Ink: the straight strip to class probabilities, in bands; the only room that knows torch."""
