"""The ruler: a LAS file against its true LAS file, curve by curve, and folders of them.

`run.evaluate` yields a `reports.LogReport` for every log, `summary.summarise` makes the table of many. What
each figure means stands in ``docs/evaluate.md``.
"""

from logdigit.evaluate.reports import CurveReport, LogReport
from logdigit.evaluate.run import evaluate
from logdigit.evaluate.summary import Group, summarise
from logdigit.evaluate.values import values, write_report

__all__ = ["CurveReport", "Group", "LogReport", "evaluate", "summarise", "values", "write_report"]
