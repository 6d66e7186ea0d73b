"""The tables of docs/bpic15.md, counted from the public logs.

``python tests/procedure/bpic15.py`` writes the tables of docs/bpic15.md anew where a change of the rules is meant.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pandas as pd

import procmine as pm

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "bpic15.md"
PROCEDURE = ROOT / "docs" / "bpic15.procedure.yaml"
LOGS = ROOT.parent / "shared" / "logs"
AS_OF = "2015-03-04"
MUNICIPALITIES = (1, 2)
TOLD = ("9996445", "4959649")
"""The two cases of municipality 1 that the page explains."""
BLOCK = re.compile(r"(?<=<!-- counted )(\w+)( -->\n)(.*?)(?=<!-- /counted -->)", re.DOTALL)
CODE = re.compile(r"^```py\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ASKED, GIVEN, CAME = "08_AWB45_020_2", "08_AWB45_010", "08_AWB45_040"
RECEIVED, SENT = "01_HOOFD_010", "01_HOOFD_510_2"
WRITTEN = "%d-%m-%Y %H:%M:%S"
NO_DECISION = ("returned", "withdrawn", "other")

# What an assumption stands for in the file, and what it becomes.
RUNS = ("pause_end_day_runs: true", "pause_end_day_runs: false")
PERIOD = "{activity: 08_AWB45_010, attribute: question}"
ENDS = "    ends_on: decision_sent\n"
ASSUMPTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "as on this page": (),
    "the clock still stands on the day a pause ends": (RUNS,),
    "every invitation gave 28 days": ((PERIOD, "{days: 28}"),),
    "every invitation gave 42 days": ((PERIOD, "{days: 42}"),),
    "every invitation gave 56 days": ((PERIOD, "{days: 56}"),),
    "the clock stands until the data came, whatever was given": (
        (ENDS, ENDS + "    pauses: [{extends: nl.awb_4_15, requires_period: false}]\n"),
        (f", period: {PERIOD}", ""),
    ),
    "no suspension at all": ((ENDS, ENDS + "    pauses: []\n"),),
    "no extension": (("    id: regular\n", "    id: regular\n    extend: []\n"),),
    "without the cases that changed their procedure": (),
}
CHANGED = ("01_HOOFD_180", "01_HOOFD_196", "01_HOOFD_330")


@cache
def ready() -> Callable[[Path], pm.EventLog]:
    """Return the function of the page that makes a log ready."""
    (code,) = CODE.findall(PAGE.read_text("utf-8"))[:1]
    names: dict[str, object] = {"__name__": "page"}
    exec(compile(code, PAGE.name, "exec"), names)
    made: Callable[[Path], pm.EventLog] = names["ready"]  # type: ignore[assignment]
    return made


@cache
def permits(number: int) -> pm.EventLog:
    return ready()(LOGS / f"BPIC15_{number}.xes.gz")


@cache
def as_it_is(number: int) -> pm.EventLog:
    return pm.read(
        LOGS / f"BPIC15_{number}.xes.gz",
        case="case:concept:name",
        activity="concept:name",
        timestamp="time:timestamp",
        tz="Europe/Amsterdam",
    )


@cache
def steps(number: int) -> pd.DataFrame:
    """Return the steps of a log as it is, with local dates and the answers as text."""
    table = pm.steps(as_it_is(number))
    table["day"] = table["end"].dt.tz_localize(None).dt.normalize()
    return table.assign(
        question=table["question"].astype(str), activity=table["activity"].astype(str)
    )


@cache
def terms(number: int, assumption: str = "as on this page") -> pd.DataFrame:
    text = PROCEDURE.read_text("utf-8")
    for said, instead in ASSUMPTIONS[assumption]:
        assert said in text
        text = text.replace(said, instead)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pm.DataQualityWarning)
        table = pm.terms(permits(number), pm.Procedure.parse(text), as_of=AS_OF)
    ended = table["closed"].notna() & ~table["state"].isin(["withdrawn", "unknown"])
    return table.assign(
        decided=ended & ~table["outcome"].isin(NO_DECISION),
        past=(table["days_late"] > 0).fillna(False).astype(bool)
        | table["state"].astype(str).str.startswith("deemed"),
    )


def of(number: int, term: str, assumption: str = "as on this page") -> pd.DataFrame:
    table = terms(number, assumption)
    return table[table["term"] == term]


def rows(head: list[str], body: list[list[object]], side: str = "---:") -> str:
    lines = [head, ["---"] + [side] * (len(head) - 1), *body]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)


def answers(number: int, activity: str) -> pd.Series:
    table = steps(number)
    return table.loc[table["activity"] == activity].set_index("case_id")["question"]


def first_days(number: int, activity: str) -> pd.Series:
    table = steps(number)
    return table[table["activity"] == activity].groupby("case_id", observed=True)["day"].first()


def what_the_log_says() -> str:
    """Return what each log holds of the terms, before anything was decided."""
    columns = [list(found(number)) for number in MUNICIPALITIES]
    return rows(
        ["in the log", *(f"municipality {number}" for number in MUNICIPALITIES)],
        [[label, value, other[1]] for (label, value), other in zip(*columns, strict=True)],
    )


def found(number: int) -> Iterator[tuple[str, object]]:
    log, table = as_it_is(number), steps(number)
    yield "cases", f"{log.n_cases:,}"
    days = pd.to_numeric(answers(number, GIVEN))
    yield f"periods written down (`{GIVEN}`)", len(days)
    yield "… of 42 days", int((days == 42).sum())
    yield "… of 28 days", int((days == 28).sum())
    yield "… of another length", int((~days.isin([28, 42])).sum())
    asked, by_then = (steps_of(number, activity) for activity in (ASKED, GIVEN))
    yield f"invitations sent (`{ASKED}`)", len(asked)
    yield "… with a period written down on a later day only", later_only(asked, by_then)
    came = table[table["activity"] == CAME]
    written = pd.to_datetime(came["question"], format=WRITTEN).dt.normalize()
    yield f"receipts of additional data (`{CAME}`)", len(came)
    yield "… with the step on another day than the date in it", int((came["day"] != written).sum())
    yield (
        "… of the day of an invitation, but before it in the log",
        len(on_the_same_day(number)),
    )
    extended = pd.to_numeric(
        pd.concat([answers(number, "06_VD_020"), answers(number, "06_VD_030")])
    )
    yield "lengths of extensions written down (`06_VD_020`, `06_VD_030`)", len(extended)
    yield "… other than 42 days", int((extended != 42).sum())
    yield "cases that changed their procedure", len(changed(number))
    yield (
        "decisions marked as taken by silence (`01_HOOFD_480`)",
        int((answers(number, "01_HOOFD_480") == "True").sum()),
    )
    cases = pm.cases(log).set_index("case_id")
    started = cases["startDate"].dt.tz_convert(log.tz).dt.tz_localize(None).dt.normalize()
    received = first_days(number, RECEIVED).reindex(cases.index)
    yield (
        f"cases with `startDate` on the day of `{RECEIVED}`",
        f"{int((started == received).sum()):,}",
    )
    yield "cases with an `endDatePlanned`", *planned(number, cases)[:1]
    yield "… 43 days after the decision was sent", *planned(number, cases)[1:]
    procedure = pm.cases(permits(number))["procedure"].astype(str)
    yield "cases that ended on a day that nothing tells", int((procedure == "end not told").sum())


def steps_of(number: int, activity: str) -> pd.DataFrame:
    table = steps(number)
    return table[table["activity"] == activity]


def later_only(asked: pd.DataFrame, given: pd.DataFrame) -> int:
    """Return how many invitations have a period in their case, but none up to their day."""
    first = given.groupby("case_id", observed=True)["day"].min()
    return int((asked["case_id"].map(first) > asked["day"]).sum())


def on_the_same_day(number: int) -> list[str]:
    """Return the cases whose data are of the day of an invitation, but stand before it."""
    came = steps_of(number, CAME)
    came = came.assign(day=pd.to_datetime(came["question"], format=WRITTEN).dt.normalize())
    pairs = came.merge(steps_of(number, ASKED), on=["case_id", "day"])
    return pairs.loc[pairs["row_x"] < pairs["row_y"], "case_id"].astype(str).tolist()


def planned(number: int, cases: pd.DataFrame) -> tuple[object, object]:
    if "endDatePlanned" not in cases:
        return "–", "–"
    ends = cases["endDatePlanned"].dt.tz_convert("Europe/Amsterdam").dt.tz_localize(None)
    after = ends.dt.normalize() - first_days(number, SENT).reindex(cases.index)
    return int(ends.notna().sum()), int((after == pd.Timedelta(days=43)).sum())


def results() -> str:
    """Return the table of terms in figures."""
    parts = [(number, term) for term in ("regular", "extended") for number in MUNICIPALITIES]
    columns = [list(counted(of(number, term))) for number, term in parts]
    return rows(
        ["", *(f"{term}, {number}" for number, term in parts)],
        [
            [label, value, *(other[i][1] for other in columns[1:])]
            for i, (label, value) in enumerate(columns[0])
        ],
    )


def counted(table: pd.DataFrame) -> Iterator[tuple[str, object]]:
    decided, past, state = table["decided"], table["past"], table["state"].astype(str)
    returned = (table["outcome"] == "returned") & (state != "withdrawn")
    elsewhere = (table["outcome"] == "other") & (state != "unknown")
    is_open = table["closed"].isna() & (state != "unknown")
    yield "cases", len(table)
    yield "decision sent by the due date", int((decided & ~past).sum())
    yield "decision sent after it", int((decided & past).sum())
    yield "left untreated, by the due date", int((returned & ~past).sum())
    yield "left untreated, after it", int((returned & past).sum())
    yield "sent on, or no permit needed", int(elsewhere.sum())
    yield "withdrawn", int((state == "withdrawn").sum())
    yield "open, the term runs", int((is_open & (state == "running")).sum())
    yield "open, the clock stands", int((state == "paused").sum())
    yield "open, past the due date", int((is_open & past).sum())
    yield "unknown", int((state == "unknown").sum())
    yield "**share of decisions in time**", f"{(~past[decided]).mean():.1%}"
    yield "decisions: median days from receipt (gross)", days(table.loc[decided, "gross_days"])
    yield "decisions: median days that count (net)", days(table.loc[decided, "net_days"])
    yield "late decisions: median days late", days(table.loc[decided & past, "days_late"])
    yield (
        "late decisions: late by 3 days or less",
        int(table.loc[decided & past, "days_late"].le(3).sum()),
    )
    asked, paused = table["requested_days"], table["paused_days"]
    yield "cases that waited for data", int((asked > 0).sum())
    yield "… with a clock that stood by law", int((paused > 0).sum())
    yield "days that they waited", f"{int(asked.sum()):,}"
    yield "… on which the clock stood by law", f"{int(paused.sum()):,}"
    yield "… on which it did not", f"{int(table['excess_days'].sum()):,}"
    remarks = table["remarks"].astype("object").fillna("")
    yield "invited only after the due date", holds(remarks, "pause after the due date")
    yield "extended in time", int(table["extended"].sum())
    yield "extension sent after the due date", holds(remarks, "extension after the due date")
    known = table[state != "unknown"]
    yield "share of all days that were the applicant's", f"{shares(known):.1%}"


def holds(remarks: pd.Series, text: str) -> int:
    return int(remarks.str.contains(text, regex=False).sum())


def days(values: pd.Series) -> str:
    return "–" if values.dropna().empty else f"{float(values.median()):g}"


def shares(table: pd.DataFrame) -> float:
    return float(table["applicant_days"].sum() / table["gross_days"].sum())


def sensitivity() -> str:
    """Return the regular decisions under other assumptions."""
    head = ["regular procedure"]
    for number in MUNICIPALITIES:
        head += [f"{number}: in time", "late", "share in time", "days paused"]
    return rows(
        head,
        [[name, *(f for n in MUNICIPALITIES for f in at(n, name))] for name in ASSUMPTIONS],
    )


def at(number: int, assumption: str) -> list[object]:
    table = of(number, "regular", assumption)
    if assumption.startswith("without"):
        table = table[~table["case_id"].isin(changed(number))]
    past = table.loc[table["decided"], "past"]
    paused = int(table["paused_days"].sum())
    return [int((~past).sum()), int(past.sum()), f"{(~past).mean():.1%}", f"{paused:,}"]


def changed(number: int) -> pd.Index:
    """Return the cases that were said to change between the two procedures."""
    said = pd.concat([answers(number, activity) for activity in CHANGED])
    return said.index[said == "True"].unique()


def by_silence() -> str:
    """Return what the office marked as decided by silence beside what the table says."""
    return rows(
        ["regular decisions", "municipality 1: in time", "late", "2: in time", "late"],
        [
            [f"`01_HOOFD_480` {label}", *(f for n in MUNICIPALITIES for f in against(n, wanted))]
            for label, wanted in (("True", "True"), ("False", "False"), ("not there", None))
        ],
    )


def against(number: int, wanted: str | None) -> list[object]:
    table = of(number, "regular").set_index("case_id")
    table = table[table["decided"]]
    said = answers(number, "01_HOOFD_480").groupby(level=0).last().reindex(table.index)
    past = table.loc[said.isna() if wanted is None else said == wanted, "past"]
    return [int((~past).sum()), int(past.sum())]


def two_cases() -> str:
    """Return the timelines of the two cases that the page explains."""
    procedure = pm.Procedure.read(PROCEDURE)
    named = [name for a in procedure.activities for name in (a.name, *a.aliases)]
    text = ""
    for case in TOLD:
        table = pm.case_timeline(permits(1), procedure, case, as_of=AS_OF)
        table = table[table["kind"].isin(["running", "paused", "after_due", "due"])
                      | table["label"].isin(named)]  # fmt: skip
        text += f"Case {case}:\n\n" + rows(
            ["", "step", "from", "until"],
            [
                [kind, "" if pd.isna(label) else f"`{label}`", str(since)[:10], str(until)[:10]]
                for kind, label, since, until in table[["kind", "label", "from", "until"]].values
            ],
            side="---",
        )
        text += "\n"
    return text.rstrip("\n") + "\n"


BLOCKS: dict[str, Callable[[], str]] = {
    "log": what_the_log_says,
    "results": results,
    "silence": by_silence,
    "sensitivity": sensitivity,
    "cases": two_cases,
}


def renewed(page: str) -> str:
    return BLOCK.sub(lambda found: f"{found[1]}{found[2]}{BLOCKS[found[1]]()}", page)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text("utf-8")), encoding="utf-8")
