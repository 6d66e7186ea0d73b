"""The cycle times of both sides of a comparison: their rows, and their figures in every resample."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from procmine.kernels import DAY, Floats, Ints
from procmine.kpi.bootstrap import LEAST
from procmine.kpi.compare.durations import MEAN, NAMES, Durations
from procmine.kpi.compare.part import Part
from procmine.kpi.compare.row import ALPHA, NAN, Row, judged
from procmine.kpi.logrank import logrank

LOGRANK = "cycle_time_logrank"


@dataclass(frozen=True, eq=False)
class Curves:
    """The cycle times of both sides, in order; None where a side has none."""

    parts: tuple[Part, Part]
    known: tuple[Ints, Ints]
    curves: tuple[Durations, Durations] | None
    until: int
    """Up to which time the mean is taken."""
    limited: bool = False
    """Whether on some side that time ends before its cases do."""

    @classmethod
    def of(cls, parts: tuple[Part, Part]) -> Curves:
        """Put the cycle times of both sides in order."""
        (a, a_time, a_ended), (b, b_time, b_ended) = (part.times() for part in parts)
        if not len(a) or not len(b):
            return cls(parts, (a, b), None, 0)
        curves = Durations.of(a_time, a_ended), Durations.of(b_time, b_ended)
        limits = [curve.longest for curve in curves if not curve.over]
        until = min(limits, default=max(curve.longest for curve in curves))
        return cls(parts, (a, b), curves, until, bool(limits))

    def figures(self, part: Part, drawn: Floats) -> Floats:
        """Return the cycle times of every resample."""
        if self.curves is None:
            return np.full((len(drawn), len(NAMES)), np.nan)
        place = self.parts.index(part)
        return self.curves[place].figures(drawn[:, self.known[place]], self.until)

    def rows(self, found: list[Floats]) -> list[Row]:
        """Return the rows of the cycle times."""
        n = (len(self.known[0]), len(self.known[1]))
        if self.curves is None:
            why = "not computable: no cycle time or age is known on one side"
            return [Row(name, "days", (NAN, NAN), n, why) for name in (*NAMES, LOGRANK)]
        ones = [np.ones((1, count)) for count in n]
        both = [c.figures(one, self.until)[0] for c, one in zip(self.curves, ones, strict=True)]
        both = [np.where(np.isfinite(each), each, np.nan) for each in both]
        rows = []
        for place, name in enumerate(NAMES):
            values = (float(both[0][place]), float(both[1][place]))
            row = Row(name, "days", values, n, self._method(name), cases=self._longest(values))
            few = min(n) < LEAST
            why = f"; no interval: fewer than {LEAST} cases on one side" if few else ""
            some = [each[:, place] for each in found]
            rows.append(replace(row, method=row.method + why) if few else judged(row, some))
        return [*rows, self._tested(n)]

    def _method(self, name: str) -> str:
        sides = [part.side for part in self.parts]
        what = "closed_at − started; open cases last longer than their age"
        if not all(side.closing_known for side in sides):
            what = "last − first step where closing is unknown"
        how = "Kaplan-Meier"
        if name == MEAN and self.limited:
            limit = f"{self.until / DAY:,.1f} days"
            how = f"Kaplan-Meier, up to {limit}: on a side with open cases none was followed longer"
        return f"{how}; {what}"

    def _longest(self, values: tuple[float, float]) -> tuple[str, ...]:
        """Return the longest cases of the side that lasts longer."""
        if not np.isfinite(values[0] - values[1]) or values[0] == values[1]:
            return ()
        place = int(values[1] > values[0])
        part = self.parts[place]
        known, time, _ = part.times()
        lift = np.zeros(len(part.cases))
        lift[known] = time
        return part.most(lift)

    def _tested(self, n: tuple[int, int]) -> Row:
        """Return the log-rank test of the whole curves: ended over expected to have ended, were both alike."""
        assert self.curves is not None
        (_, a, a_ended), (_, b, b_ended) = (part.times() for part in self.parts)
        test = logrank((a, b), (a_ended, b_ended))
        method = (
            "log-rank test of all cycle times; above 1 cases end sooner than if both were alike"
        )
        different = None if np.isnan(test.p) or min(n) < LEAST else test.p < ALPHA
        p = test.p if different is not None else NAN
        return Row(LOGRANK, "ratio", test.ratios, n, method, p=p, different=different)
