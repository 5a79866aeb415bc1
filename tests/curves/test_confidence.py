import numpy as np

from logdigit.curves.assign import STANDS, options_of
from logdigit.curves.confidence import SIGNS, TABLE, WEIGHTS, confidence
from logdigit.curves.trace import trace_track
from logdigit.types import CLASSES, CurveSpec, Float32, ProbabilityMap, Track

WIDTH, ROWS = 300, 700


def strokes(*columns: np.ndarray, ink: float = 1.0) -> Float32:
    """Probabilities (C, H, W) of solid strokes, three px wide, about columns (H,)."""
    x = np.arange(WIDTH)
    solid = np.zeros((ROWS, WIDTH), np.float32)
    for column in columns:
        solid = np.maximum(solid, ink * (np.abs(x - column[:, None]) <= 1.5))
    prob = np.zeros((len(CLASSES), ROWS, WIDTH), np.float32)
    prob[0], prob[1] = 1 - solid, solid
    return prob


def sure(prob: Float32, curves: int = 1) -> list[Float32]:
    track = Track(0.0, WIDTH - 1.0, tuple(CurveSpec(f"C{k}", ()) for k in range(curves)))
    return [trace.confidence for trace in trace_track([ProbabilityMap(0, prob, CLASSES)], track)]


def test_the_constants_rise_with_every_sign() -> None:
    assert len(WEIGHTS) == len(SIGNS) and (WEIGHTS >= 0).all()
    assert (np.diff(TABLE, axis=0) > 0).all()
    best = confidence(np.ones((1, len(SIGNS)), np.float32))
    worst = confidence(np.zeros((1, len(SIGNS)), np.float32))
    assert 0 < worst < 0.5 < 0.9 < best < 1


def test_a_clear_stroke_is_sure_and_a_faint_one_is_not() -> None:
    straight = np.full(ROWS, 150.0)
    (clear,), (faint,) = sure(strokes(straight)), sure(strokes(straight, ink=0.3))
    assert (clear[20:-20] > 0.9).all()
    assert faint[20:-20].max() < clear[20:-20].min()


def test_where_strokes_cross_confidence_is_less() -> None:
    rows = np.arange(ROWS)
    left, right = 100 + 100 * rows / ROWS, 200 - 100 * rows / ROWS
    for curve in sure(strokes(left, right), curves=2):
        assert curve[345:355].mean() < curve[60:100].mean()


def test_ink_that_nobody_explains_takes_from_confidence() -> None:
    straight = np.full(ROWS, 150.0)
    (alone,) = sure(strokes(straight))
    (beside,) = sure(strokes(straight, *(np.full(ROWS, x) for x in (60.0, 220.0, 250.0))))
    assert beside[300:400].max() < alone[300:400].min()


def test_many_strokes_keep_the_candidates_that_suit_them() -> None:
    rng = np.random.default_rng(0)
    emission = rng.uniform(0.9, 2.0, (10, 6, 9)).astype(np.float32)
    emission[:, :, 0] = 0.8
    emission[:, 2, 8] = 0.1  # suits pen 2 better than what it found itself, candidate 3
    options = options_of([(0, 1), (2,), (3,), (4,), (5,)], emission, 500)
    assert np.prod(options.counts.astype(float)) <= 500 and options.counts.max() <= STANDS
    assert options.pens[0].tolist() == [0, 1] and options.pens[1].tolist() == [2, -1]
    assert {0, 3} <= set(options.stands[1, : options.counts[1], 0].tolist())
    pairs = options.stands[0, : options.counts[0]]
    assert ((pairs[:, 0] != pairs[:, 1]) | (pairs[:, 0] == 0)).all()
