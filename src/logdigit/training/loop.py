"""Training: batches in, the best weights out.

AdamW with warm-up and a cosine, in bfloat16 where the device has it. What is validated and saved is the
running average of the weights, and the best is chosen by what the user gets, the error of the curves that
a tracer reads, never by the loss.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn

from logdigit.errors import UsageError
from logdigit.ink.device import has_bf16
from logdigit.ink.unet import to_ink
from logdigit.ink.weights import save_weights
from logdigit.options import TrainConfig
from logdigit.training.checkpoint import State, beside, identity, load_checkpoint, save_checkpoint
from logdigit.training.corpus import Corpus
from logdigit.training.journal import Log, Meter, message
from logdigit.training.losses import Objective
from logdigit.training.memory import keep_freed_memory
from logdigit.training.parallel import Group, group
from logdigit.training.predict import enlarged
from logdigit.training.result import TrainResult, finished, together
from logdigit.training.sampling import Batch, batches
from logdigit.training.system import check, corpus_of, members, network_of, objective_of, weighing
from logdigit.training.validate import ScoreCurves, Validation, score_traces, validate
from logdigit.training.windows import plan_of

Progress = Callable[[str, float], None]
Say = Callable[[str], None]

_LAST_LR = 0.01  # share of the highest learning rate that is left at the end


class DivergedError(UsageError):
    """The loss of a run is no longer a number."""


def train(
    config: TrainConfig,
    progress: Progress = lambda *_: None,
    say: Say = lambda _: None,
    score_curves: ScoreCurves = score_traces,
) -> TrainResult:
    """Trains on the corpus ``config.data`` and writes ``config.out``, or a file a class with ``one_vs_rest``.

    Started by ``torchrun``, every process calls this, and the first of them writes and speaks.

    Args:
        config: what to do.
        progress: called with a message and the share done.
        say: called with lines to keep: weights computed from the data, what was written.
        score_curves: reads curves from probabilities and says how far off they are; chooses the best weights.

    Raises:
        UsageError: options that cannot be, or ``resume`` without a run to go on with.
        DivergedError: the loss is no longer a number.
        DataError: no corpus, or a damaged one.
        OutputExistsError: ``config.out`` is there.
    """
    with group(config.device) as processes:
        if not processes.leads:
            progress = say = _nobody
        results = []
        todo = members(config)
        for one in todo:
            begun = beside(one.out, ".ckpt").is_file()
            if config.resume and len(todo) > 1 and not begun:
                if one.out.is_file():
                    results.append(finished(one.out))
                    continue
                one = replace(one, resume=False)
            results.append(_train_one(one, processes, progress, say, score_curves))
            say(str(results[-1]))
    return results[0] if len(results) == 1 else together(results)


def learning_rate(config: TrainConfig, step: int) -> float:
    """Learning rate of a step: linear warm-up, then a cosine down to 1 % of the highest."""
    if step < config.warmup:
        return config.lr * (step + 1) / config.warmup
    share = (step - config.warmup) / max(1, config.steps - config.warmup)
    return config.lr * (_LAST_LR + (1 - _LAST_LR) * 0.5 * (1 + math.cos(math.pi * share)))


def snapshot_steps(config: TrainConfig) -> dict[int, Path]:
    """Steps of the second half of a run, the last included, whose weights are kept, and where."""
    count = config.snapshots
    steps = [config.steps - (config.steps // 2) * k // count for k in range(count)]
    return {step: config.out.with_name(f"{config.out.stem}.{step}{config.out.suffix}") for step in steps}


@dataclass
class _Run:
    """A training in progress, and everything that it needs."""

    config: TrainConfig
    corpus: Corpus
    group: Group
    state: State
    network: nn.Module  # state.model, compiled and averaged over processes
    objective: Objective
    bf16: bool


def _train_one(
    config: TrainConfig, processes: Group, progress: Progress, say: Say, score_curves: ScoreCurves
) -> TrainResult:
    """Trains one network."""
    corpus = corpus_of(config)
    check(config, corpus)
    if config.batch % processes.size:
        raise UsageError(f"batch {config.batch}: not a multiple of the {processes.size} processes")
    run = _start(config, corpus, processes, say)
    state, same, saved = run.state, identity(config, corpus), beside(config.out, ".ckpt")
    if config.resume:
        load_checkpoint(saved, state, same)
    log = Log(beside(config.out, ".csv"), corpus.classes[1:], state.step) if processes.leads else None
    names, kept = _spread(corpus.validation, config.validate_items), snapshot_steps(config)
    dice: Mapping[str, float] = {}
    meter, last_saved = Meter(processes.device), time.monotonic()
    with _batches(run) as stream:
        while state.step < config.steps and not 0 < config.patience <= state.stale:
            with meter.waiting():
                grey, mask = (torch.from_numpy(array) for array in next(stream))
            meter.add(_step(run, *_moved(grey, mask, processes.device)))
            validated = state.step % config.validate_every == 0 or state.step == config.steps
            if state.step in kept and processes.leads:
                save_weights(kept[state.step], state.ema, {"step": str(state.step), "recipe": config.recipe})
            if not (validated or state.step % config.log_every == 0):
                continue
            row = meter.read(config.batch)
            state.seconds, state.waited = state.seconds + meter.seconds, state.waited + meter.waited
            if not math.isfinite(row["loss"]):
                raise DivergedError(
                    f"the loss is not finite after step {state.step}; train with a smaller lr"
                )
            if validated:
                result = _validated(run, names, score_curves)
                dice = result.dice
                row |= {"curve_error": result.curve_error, **{f"dice_{name}": dice[name] for name in dice}}
            if log is not None:
                log.write({"step": state.step, "lr": learning_rate(config, state.step - 1), **row})
            progress(message(state.step, config.steps, row), state.step / config.steps)
            if processes.leads and time.monotonic() - last_saved > 60 * config.checkpoint_minutes:
                save_checkpoint(saved, state, same)
                last_saved = time.monotonic()
            meter.restart()
    if processes.leads:
        saved.unlink(missing_ok=True)
    seconds = max(state.seconds, 1e-9)
    return TrainResult(
        (config.out,), tuple((step, (path,)) for step, path in sorted(kept.items()) if step <= state.step),
        state.step, state.best, dice, state.seconds, state.step * config.batch / seconds,
        state.waited / seconds,
    )  # fmt: skip


def _start(config: TrainConfig, corpus: Corpus, processes: Group, say: Say) -> _Run:
    """A run at step 0."""
    device = processes.device
    if device.type == "cpu":
        keep_freed_memory()
    weights = weighing(config, corpus)
    if weights.note:
        say(weights.note)
    model = network_of(config, corpus)
    model = model.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    ema = copy.deepcopy(model).eval().requires_grad_(False)
    optimiser = torch.optim.AdamW(
        model.train().parameters(), config.lr, weight_decay=config.weight_decay, fused=True
    )
    network = processes.wrap(model)
    if config.compile == "on" or (config.compile == "auto" and device.type == "cuda"):
        network = torch.compile(network)  # type: ignore[assignment]
    objective = objective_of(config, weights, device)
    return _Run(config, corpus, processes, State(model, ema, optimiser), network, objective, has_bf16(device))


@contextmanager
def _batches(run: _Run) -> Iterator[Iterator[Batch]]:
    """The batches that are left to this process."""
    config = run.config
    todo = range(run.state.step, config.steps)
    plan = plan_of(config, run.corpus)
    share = (run.group.rank, run.group.size)
    with batches(run.corpus, plan, config.seed, todo, config.crop, config.workers, share) as stream:
        yield stream


def _moved(grey: Tensor, mask: Tensor, device: torch.device) -> tuple[Tensor, Tensor]:
    """A batch on the device; the copy overlaps with what the device is at."""
    if device.type == "cuda":
        grey, mask = grey.pin_memory(), mask.pin_memory()
    return grey.to(device, non_blocking=True), mask.to(device, non_blocking=True)


def _step(run: _Run, grey: Tensor, mask: Tensor) -> Tensor:
    """One batch: forward, backward, update, average. Returns the loss, detached."""
    config, state = run.config, run.state
    for parameters in state.optimiser.param_groups:
        parameters["lr"] = learning_rate(config, state.step)
    ink = enlarged(to_ink(grey, state.model.config), config.scale)
    if config.scale > 1:
        mask = mask.repeat_interleave(config.scale, 1).repeat_interleave(config.scale, 2)
    with torch.autocast(ink.device.type, torch.bfloat16, enabled=run.bf16):
        logits = run.network(ink)
    loss = run.objective(logits, mask)
    state.optimiser.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(state.model.parameters(), config.clip)
    state.optimiser.step()
    state.step += 1
    _average(state, config.ema)
    return loss.detach()


def _average(state: State, decay: float) -> None:
    """Moves the running average towards the weights."""
    # Early on the average follows closely, else the random start would weigh on it for a thousand steps.
    decay = min(decay, (1 + state.step) / (10 + state.step))
    new = state.model.state_dict()
    pairs = [(old, new[name]) for name, old in state.ema.state_dict().items() if old.is_floating_point()]
    update = get_ema_multi_avg_fn(decay)  # type: ignore[no-untyped-call]
    update([old for old, _ in pairs], [value for _, value in pairs], 0)


def _validated(run: _Run, names: Sequence[str], score_curves: ScoreCurves) -> Validation:
    """Scores the running average, and keeps it if it is the best so far; the leading process does."""
    state, config = run.state, run.config
    result = Validation({}, math.nan, 0)
    if run.group.leads:
        result = validate(state.ema, run.corpus, names, score_curves, run.bf16, config.targets)
        better = not result.curve_error >= state.best  # also where there is no curve to tell by
        state.stale = 0 if better else state.stale + 1
        if better:
            state.best = result.curve_error
            save_weights(config.out, state.ema, _card(config, run.corpus, state.step, result))
    state.best, stale = run.group.agreed(state.best, state.stale)
    state.stale = int(stale)
    return result


def _spread(names: Sequence[str], most: int) -> list[str]:
    """At most ``most`` of ``names``, evenly spread."""
    count = max(1, min(most, len(names)))
    return [names[k * len(names) // count] for k in range(count)]


def _card(config: TrainConfig, corpus: Corpus, step: int, result: Validation) -> dict[str, str]:
    """What the header of the weights says of their making."""
    options = {name: str(value) for name, value in dataclasses.asdict(config).items()}
    return {
        "step": str(step),
        "recipe": config.recipe,
        "curve_error": f"{result.curve_error:.6f}",
        "dice": json.dumps({name: round(value, 4) for name, value in result.dice.items()}),
        "corpus": json.dumps({"items": len(corpus.names), "seed": corpus.seed, "size": corpus.size}),
        "options": json.dumps(options),
    }


def _nobody(*_: object) -> None:
    """Speaks to nobody."""
