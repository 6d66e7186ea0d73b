"""Rows of a printed register that are no records: repeated headers, totals, footers and blank rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.header import DATE_LIKE
from procmine.ingest.names import folded
from procmine.ingest.raw import rejections
from procmine.kernels import Bools, Codes, Ints

HEADER, TOTALS, FOOTER, SINGLE = (
    "repeated header", "totals row", "footer", "a single filled cell",
)  # fmt: skip
_TOTALS = (
    "total general", "totaluri", "total", "subtotaluri", "subtotal", "sub total", "grand total",
    "grand totals", "totals", "totale generale", "totale parziale", "totale", "totali", "subtotale",
    "sub totale", "totaal", "totalen", "eindtotaal", "subtotaal", "algemeen totaal", "γενικο συνολο",
    "γενικα συνολα", "μερικο συνολο", "υποσυνολο", "συνολο", "συνολα",
)  # fmt: skip
_SIGNED = (
    "intocmit", "verificat", "aprobat", "vizat", "avizat", "semnatura", "conducator", "registrator",
    "redatto", "firmato", "firma", "il responsabile", "il dirigente", "visto", "opgesteld",
    "handtekening", "akkoord", "gezien", "υπογραφη", "ο συντακτης", "ο προισταμενος", "συνταχθηκε",
    "prepared by", "approved by", "signed", "signature", "tiparit", "listat", "generat", "exportat",
    "data listarii", "stampato", "afgedrukt", "printed", "generated", "exported",
)  # fmt: skip
_PAGE = r"(?:pagina|pag|page|blz|σελιδα|σελ) \d+(?: ?(?:din|di|of|van|από|απο|de) ?\d+| \d+)?"
_MAY_BE_TOTALS = r"(?i)^\W*(?:tot|sub|grand|eind|alg|γεν|μερ|υποσ|σ[υύ]ν)"
_MAY_BE_PAGE = r"(?i)^\W*(?:pag|blz|σελ)"
_FOOTER_ROWS = 30
_NUMBER = re.compile(r"[-+]?[\d., ]+%?")
_DATE = re.compile(DATE_LIKE)


def _phrases(words: Sequence[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_TOTALS_WORD = re.compile(rf"(?:{_phrases(_TOTALS)})\b")
_FOOTER_WORD = re.compile(rf"(?:{_phrases(_SIGNED)})\b|{_PAGE}$")
_WHOLE_PAGE = re.compile(_PAGE)


@dataclass(frozen=True, eq=False)
class Tidied:
    """The records of a table, and the rows that are none."""

    table: pa.Table
    rows: Codes
    kept: Bools | None
    """Which rows of the given table these are; None where all are."""
    rejected: pd.DataFrame
    """Row, column, reason and the beginning of each row that is left out; blank ones are only counted."""
    notes: tuple[str, ...]


def tidied(
    table: pa.Table,
    rows: Codes,
    names: Sequence[str],
    *,
    header: Sequence[Sequence[str]] = (),
) -> Tidied:
    """Leave out the rows of a table that are no records, each with its reason.

    ``header`` holds the rows of the header as written, for the columns of the table; without it
    ``names`` are the header. Left out are

    blank rows, which are only counted;
    repeated headers, whose cells are those of a row of the header;
    totals rows, whose first filled cell is such a word as Total, Totale, Σύνολο or Totaal and
    which hold no date or fill at most half of the columns; where other words follow, as in
    "Total Energies", all other cells must be numbers;
    footers, at the end: from a row that begins with such a word as Întocmit, and page numbers;
    a single filled cell in a table of four columns or more, at the end or beside another row that
    is left out, unless it may hold for the rows below, whose cell there is empty.

    Cells may be text or typed. Of a row that is left out only the beginning of its first filled
    cell is kept, and no words that may be a person's name.
    """
    look = _Look.at(table)
    reasons = np.full(table.num_rows, "", dtype=object)
    _mark(reasons, look.repeats(header or [names]), HEADER)
    _mark(reasons, look.totals(), TOTALS)
    blank = look.filled == 0
    _mark(reasons, look.footer(), FOOTER)
    _mark(reasons, look.singles((reasons != "") | blank), SINGLE)
    places = np.flatnonzero(reasons != "")
    if not len(places) and not blank.any():
        return Tidied(table, rows, None, rejections([]), ())
    kept = (reasons == "") & ~blank
    records = zip(rows[places].tolist(), reasons[places], look.first_cells(places), strict=True)
    rejected = rejections(
        [
            (row, "", reason, cell.strip() if reason == HEADER else _beginning(cell))
            for row, reason, cell in records
        ]
    )
    return Tidied(
        table.filter(pa.array(kept)), rows[kept], kept, rejected, _notes(reasons[places], blank)
    )


def _mark(reasons: np.ndarray, places: Ints, reason: str) -> None:
    free = places[reasons[places] == ""] if len(places) else places
    reasons[free] = reason


def _notes(reasons: np.ndarray, blank: Bools) -> tuple[str, ...]:
    said = (
        ("empty rows", int(blank.sum())),
        ("repeated headers", int((reasons == HEADER).sum())),
        ("totals rows", int((reasons == TOTALS).sum())),
        ("footer rows", int((reasons == FOOTER).sum())),
        ("rows of a single filled cell", int((reasons == SINGLE).sum())),
    )
    return tuple(f"{what} left out: {count:,}" for what, count in said if count)


@dataclass(frozen=True, eq=False)
class _Look:
    """A table with what is asked of every row: which cells are empty, and how many are filled."""

    table: pa.Table
    empty: list[Bools]
    filled: Ints

    @classmethod
    def at(cls, table: pa.Table) -> _Look:
        empty = [_empty(column) for column in table.columns]
        filled = np.full(table.num_rows, table.num_columns, dtype=np.int64)
        for cells in empty:
            filled -= cells
        return cls(table, empty, filled)

    def repeats(self, header: Sequence[Sequence[str]]) -> Ints:
        """Return the rows whose cells are those of a row of the header, two or more."""
        found = [self._equal(cells) for cells in header if sum(map(bool, cells)) > 1]
        return np.unique(np.concatenate([np.empty(0, np.int64), *found]))

    def _equal(self, cells: Sequence[str]) -> Ints:
        places: Ints | None = None
        wanted = [(n, cell.strip()) for n, cell in enumerate(cells) if cell.strip()]
        # text first: a typed column is turned to text only for the rows that are left
        for n, cell in sorted(wanted, key=lambda pair: not _is_text(self.table.column(pair[0]))):
            column = self.table.column(n)
            part = column if places is None else column.take(pa.array(places))
            if not _is_text(column):
                part = pc.cast(part, pa.string(), safe=False)
            same = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(part), cell), False)
            hits = np.flatnonzero(same.to_numpy())
            places = hits if places is None else places[hits]
            if not len(places):
                break
        return places if places is not None else np.empty(0, np.int64)

    def totals(self) -> Ints:
        """Return the totals rows."""
        places = self._first_cells_like(_MAY_BE_TOTALS)
        cells = zip(places, self._filled_cells(places), strict=True)
        width = self.table.num_columns
        return np.array([p for p, row in cells if _is_totals(row, width)], dtype=np.int64)

    def footer(self) -> Ints:
        """Return the rows of the footer, and those that hold the number of a page alone."""
        pages = self._first_cells_like(_MAY_BE_PAGE)
        pages = pages[self.filled[pages] == 1]
        cells = zip(pages, self._filled_cells(pages), strict=True)
        numbers = [p for p, row in cells if _WHOLE_PAGE.fullmatch(folded(row[0]))]
        return np.unique(np.array([*numbers, *self._signed()], dtype=np.int64))

    def _signed(self) -> list[int]:
        """Return the rows of the footer from the one that is signed or printed down to the end."""
        begin = max(0, len(self.filled) - _FOOTER_ROWS)
        places = np.arange(begin, len(self.filled))
        rows = self._filled_cells(places)
        footer: list[int] = []
        for place, row in reversed(list(zip(places, rows, strict=True))):
            if any(map(str.isdigit, "".join(row[1:]))):  # a date, also one that lost its format
                break
            if len(row) * 2 > self.table.num_columns and not (len(row) <= 2 and _is_signed(row)):
                break
            footer.append(int(place))
        by_place = dict(zip(places.tolist(), rows, strict=True))
        footer = [p for p in reversed(footer) if by_place[p]]
        first = next((n for n, p in enumerate(footer) if _is_signed(by_place[p])), len(footer))
        return footer[first:]

    def singles(self, left_out: Bools) -> Ints:
        """Return the rows of a single filled cell that stand at the end or beside rows left out."""
        places = np.flatnonzero((self.filled == 1) & ~left_out)
        if self.table.num_columns < 4 or not len(places):
            return places[:0]
        records = np.flatnonzero((self.filled > 1) & ~left_out)
        after = np.searchsorted(records, places)
        at_end = after == len(records)
        column = np.argmin(np.array([cells[places] for cells in self.empty]), axis=0)
        below = records[np.minimum(after, len(records) - 1)] if len(records) else places
        holds = np.array([self.empty[c][b] for c, b in zip(column, below, strict=True)], bool)
        singles: Ints = places[at_end | (self._beside(places, left_out) & ~holds)]
        return singles

    def _beside(self, places: Ints, left_out: Bools) -> Bools:
        """Tell which rows touch a row that is left out, directly or over a few others of their kind."""
        touched = np.concatenate([[False], left_out, [False]])
        for _ in range(5):
            touched[places + 1] |= touched[places] | touched[places + 2]
        return touched[places + 1]

    def first_cells(self, places: Ints) -> list[str]:
        """Return the first filled cell of rows."""
        return [row[0] for row in self._filled_cells(places)]

    def _first_cells_like(self, pattern: str) -> Ints:
        """Return the rows whose first filled cell matches a pattern."""
        found, open_rows = [np.empty(0, np.int64)], np.arange(self.table.num_rows)
        for column, empty in zip(self.table.columns, self.empty, strict=True):
            if _is_text(column):
                whole = len(open_rows) == len(column)
                part = column if whole else column.take(pa.array(open_rows))
                hits = pc.fill_null(pc.match_substring_regex(part, pattern), False)
                found.append(open_rows[hits.to_numpy()])
            open_rows = open_rows[empty[open_rows]]
            if not len(open_rows):
                break
        return np.sort(np.concatenate(found))

    def _filled_cells(self, places: Ints) -> list[list[str]]:
        """Return the filled cells of some rows as text."""
        part = self.table.take(pa.array(places, pa.int64()))
        columns = [column.cast(pa.string()).to_pylist() for column in part.columns]
        return [
            [cell for cell in row if cell and cell.strip()] for row in zip(*columns, strict=True)
        ]


def _is_text(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def _empty(column: pa.ChunkedArray) -> Bools:
    if not _is_text(column):
        nulls: Bools = column.is_null().to_numpy()
        return nulls
    blank = pc.or_(pc.equal(column, ""), pc.utf8_is_space(column))
    empty: Bools = pc.fill_null(blank, True).to_numpy()
    return empty


def _is_totals(cells: list[str], width: int) -> bool:
    first = folded(cells[0])
    word = _TOTALS_WORD.match(first)
    if word is None:
        return False
    dated = any(map(_DATE.match, cells[1:]))
    if re.fullmatch(r"[\d ]*", first[word.end() :]):
        return len(cells) * 2 <= width or not dated
    return all(_NUMBER.fullmatch(cell.strip()) for cell in cells[1:])


def _is_signed(cells: list[str]) -> bool:
    return bool(_FOOTER_WORD.match(folded(cells[0])))


def _beginning(text: str) -> str:
    """Return what of a cell tells why its row was left out; words that may be a name are hidden.

    >>> _beginning("Total Popescu"), _beginning("Pagina 1 din 3"), _beginning("Ionescu Ana")
    ('Total …', 'Pagina 1 din 3', '…')
    """
    plain = folded(text)
    word = _TOTALS_WORD.match(plain) or _FOOTER_WORD.match(plain)
    if word is None:
        return text.strip() if any(map(str.isdigit, text)) else "…"
    if not re.search(r"[^\W\d]", plain[word.end() :]):
        return text.strip()
    return " ".join(text.split()[: len(word[0].split())]) + " …"
