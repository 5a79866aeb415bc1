"""Training: batches in, the best weights out.

AdamW with warm-up and a cosine, in bfloat16 where the device has it. What is validated and saved is the
running average of the weights, and the best is chosen by what the user gets, the error of the curves that
a tracer reads, never by the loss.
"""

from __future__ import annotations

import copy
import csv
import dataclasses
import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from logdigit.errors import OutputExistsError, UsageError
from logdigit.ink.device import has_bf16, pick_device
from logdigit.ink.unet import UNet, UNetConfig, to_ink
from logdigit.ink.weights import load_weights, save_weights
from logdigit.options import TrainConfig
from logdigit.training.checkpoint import State, beside, identity, load_checkpoint, save_checkpoint
from logdigit.training.losses import cross_entropy_dice
from logdigit.training.sampling import Corpus, batches, open_corpus
from logdigit.training.validate import ScoreCurves, Validation, score_traces, validate

Progress = Callable[[str, float], None]

_LAST_LR = 0.01  # share of the highest learning rate that is left at the end


@dataclass(frozen=True)
class TrainResult:
    """What a run has made.

    Attributes:
        path: the weights, with the lowest curve error of all validations.
        steps: batches trained on, all parts of the run together.
        curve_error: of those weights, share of the patch width.
        dice: of each foreground class at the last validation.
        seconds: time spent training, validation left out.
        patches_per_s: mean over that time.
    """

    path: Path
    steps: int
    curve_error: float
    dice: Mapping[str, float]
    seconds: float
    patches_per_s: float


def train(
    config: TrainConfig, progress: Progress = lambda *_: None, score_curves: ScoreCurves = score_traces
) -> TrainResult:
    """Trains on the corpus ``config.data`` and writes ``config.out``.

    Args:
        config: what to do.
        progress: called with a message and the share done.
        score_curves: reads curves from probabilities and says how far off they are; chooses the best weights.

    Raises:
        UsageError: options that cannot be, or ``resume`` without a run to go on with.
        DataError: no corpus, or a damaged one.
        OutputExistsError: ``config.out`` is there.
    """
    corpus = open_corpus(config.data)
    _check(config, corpus)
    device = pick_device(config.device)
    bf16 = has_bf16(device)
    state = _start(config, corpus, device)
    same, saved = identity(config, corpus), beside(config.out, ".ckpt")
    if config.resume:
        load_checkpoint(saved, state, same)
    log = _Log(beside(config.out, ".csv"), corpus.classes[1:], state.step)
    weights = torch.tensor(config.class_weights, device=device) if config.class_weights else None
    names = _spread(corpus.validation, config.validate_items)
    dice: Mapping[str, float] = {}
    meter, last_saved = _Meter(device), time.monotonic()
    todo = range(state.step, config.steps)
    shape = (config.batch, config.crop, config.crops_per_image)
    with batches(corpus, config.seed, todo, *shape, config.workers) as stream:
        for _ in todo:
            with meter.waiting():
                grey, mask = (torch.from_numpy(array) for array in next(stream))
            ink = to_ink(grey.to(device, non_blocking=True), state.model.config)
            meter.add(_step(state, config, ink, mask.to(device, non_blocking=True), weights, bf16))
            validated = state.step % config.validate_every == 0 or state.step == config.steps
            if not (validated or state.step % config.log_every == 0):
                continue
            row = meter.read(config.batch)
            state.seconds += meter.seconds
            if not math.isfinite(row["loss"]):
                raise UsageError(f"the loss is not finite after step {state.step}; train with a smaller lr")
            if validated:
                result = validate(state.ema, corpus, names, score_curves, bf16)
                dice = result.dice
                row |= {"curve_error": result.curve_error, **{f"dice_{name}": dice[name] for name in dice}}
                if not result.curve_error >= state.best:  # also where there is no curve to tell by
                    state.best = result.curve_error
                    save_weights(config.out, state.ema, _card(config, corpus, state.step, result))
            log.write({"step": state.step, "lr": learning_rate(config, state.step - 1), **row})
            progress(_message(state.step, config.steps, row), state.step / config.steps)
            if time.monotonic() - last_saved > 60 * config.checkpoint_minutes:
                save_checkpoint(saved, state, same)
                last_saved = time.monotonic()
            meter.restart()
    saved.unlink(missing_ok=True)
    rate = state.step * config.batch / max(state.seconds, 1e-9)
    return TrainResult(config.out, state.step, state.best, dice, state.seconds, rate)


def learning_rate(config: TrainConfig, step: int) -> float:
    """Learning rate of a step: linear warm-up, then a cosine down to 1 % of the highest."""
    if step < config.warmup:
        return config.lr * (step + 1) / config.warmup
    share = (step - config.warmup) / max(1, config.steps - config.warmup)
    return config.lr * (_LAST_LR + (1 - _LAST_LR) * 0.5 * (1 + math.cos(math.pi * share)))


def _check(config: TrainConfig, corpus: Corpus) -> None:
    if config.crop % 32 or not 0 < config.crop <= corpus.size:
        raise UsageError(f"crop {config.crop}: a multiple of 32, at most the {corpus.size} px of the corpus")
    if min(config.steps, config.batch, config.crops_per_image, config.validate_every, config.log_every) < 1:
        raise UsageError("steps, batch, crops_per_image, validate_every and log_every are at least 1")
    if config.class_weights and len(config.class_weights) != len(corpus.classes):
        raise UsageError(f"class_weights: one for each of {', '.join(corpus.classes)}")
    if not config.out.absolute().parent.is_dir():
        raise UsageError(f"{config.out.parent}: no such directory to write the weights to")
    if config.out.exists() and not (config.overwrite or config.resume):
        raise OutputExistsError(f"{config.out}: is there already; --overwrite replaces it, -o names another")


def _start(config: TrainConfig, corpus: Corpus, device: torch.device) -> State:
    """A run at step 0."""
    if config.start is None:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            model = UNet(UNetConfig(corpus.classes, config.base, config.depth))
    else:
        model = load_weights(config.start).model
        if model.config.classes != corpus.classes:
            classes = ", ".join(model.config.classes)
            raise UsageError(f"{config.start}: its classes ({classes}) are not those of the corpus")
    model = model.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    ema = copy.deepcopy(model).eval().requires_grad_(False)
    optimiser = torch.optim.AdamW(
        model.train().parameters(), config.lr, weight_decay=config.weight_decay, fused=True
    )
    return State(model, ema, optimiser)


def _step(
    state: State, config: TrainConfig, ink: Tensor, mask: Tensor, weights: Tensor | None, bf16: bool
) -> Tensor:
    """One batch: forward, backward, update, average. Returns the loss, detached."""
    for group in state.optimiser.param_groups:
        group["lr"] = learning_rate(config, state.step)
    with torch.autocast(ink.device.type, torch.bfloat16, enabled=bf16):
        logits = state.model(ink)
    loss = cross_entropy_dice(logits, mask, weights, config.dice_weight, config.style_weight)
    state.optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(state.model.parameters(), config.clip)
    state.optimiser.step()
    state.step += 1
    # Early on the average follows closely, else the random start would weigh on it for a thousand steps.
    decay = min(config.ema, (1 + state.step) / (10 + state.step))
    with torch.no_grad():
        new = state.model.state_dict()
        for name, value in state.ema.state_dict().items():
            if value.is_floating_point():
                value.lerp_(new[name], 1 - decay)
    return loss.detach()


def _spread(names: Sequence[str], most: int) -> list[str]:
    """At most ``most`` of ``names``, evenly spread."""
    count = max(1, min(most, len(names)))
    return [names[k * len(names) // count] for k in range(count)]


def _card(config: TrainConfig, corpus: Corpus, step: int, result: Validation) -> dict[str, str]:
    """What the header of the weights says of their making."""
    options = {name: str(value) for name, value in dataclasses.asdict(config).items()}
    return {
        "step": str(step),
        "curve_error": f"{result.curve_error:.6f}",
        "dice": json.dumps({name: round(value, 4) for name, value in result.dice.items()}),
        "corpus": json.dumps({"items": len(corpus.names), "seed": corpus.seed, "size": corpus.size}),
        "options": json.dumps(options),
    }


def _message(step: int, steps: int, row: Mapping[str, float]) -> str:
    text = f"step {step} of {steps}: loss {row['loss']:.3f}, {row['patches_per_s']:.0f} patches/s"
    text += f", {row['wait_share']:.0%} waiting for data"
    if "curve_error" in row:
        dice = ", ".join(f"{key[5:]} {value:.3f}" for key, value in row.items() if key.startswith("dice_"))
        text += f"; curve error {row['curve_error']:.4f}, Dice {dice}"
    return text


class _Meter:
    """Mean loss, speed and share of time spent waiting, since the last `restart`."""

    def __init__(self, device: torch.device) -> None:
        self._loss = torch.zeros((), device=device)
        self.restart()

    def restart(self) -> None:
        self._loss.zero_()
        self._steps, self._waited, self.seconds = 0, 0.0, 0.0
        self._clock = time.perf_counter()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        asked = time.perf_counter()
        yield
        self._waited += time.perf_counter() - asked

    def add(self, loss: Tensor) -> None:
        self._loss += loss  # no .item() here: it would make the host wait for the device in every step
        self._steps += 1

    def read(self, batch: int) -> dict[str, float]:
        loss = float(self._loss) / self._steps
        self.seconds = time.perf_counter() - self._clock
        rate, waited = self._steps * batch / self.seconds, self._waited / self.seconds
        return {"loss": loss, "patches_per_s": rate, "wait_share": waited}


class _Log:
    """The CSV beside the weights; a continued run drops the rows that it is going to write again."""

    def __init__(self, path: Path, classes: Sequence[str], step: int) -> None:
        scores = (*(f"dice_{name}" for name in classes), "curve_error")
        self._path, self._columns = path, ("step", "loss", "lr", "patches_per_s", "wait_share", *scores)
        rows: list[dict[str, str]] = []
        if step and path.is_file():
            with path.open(newline="", encoding="utf-8") as file:
                rows = [row for row in csv.DictReader(file) if _whole(row.get("step")) <= step]
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, self._columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)

    def write(self, row: Mapping[str, float]) -> None:
        texts = {name: str(value) if name == "step" else f"{value:.6g}" for name, value in row.items()}
        with self._path.open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, self._columns).writerow(texts)


def _whole(text: str | None) -> float:
    """Whole number in a cell; infinity where there is none."""
    return int(text) if text and text.isdigit() else math.inf
