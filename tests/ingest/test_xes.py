"""XES files: real logs with their known counts, every fault caused on purpose, two parsers that must agree."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.errors import SourceError
from procmine.ingest.raw import RawTable
from procmine.ingest.xes import read as xes
from procmine.ingest.xes import read_xes
from procmine.ingest.xes.checks import XesFile, head_length, open_xes
from procmine.ingest.xes.parts import Gathered, gather
from procmine.ingest.xes.scan import NotPlain, plain_parts
from procmine.ingest.xes.stream import streamed_parts

DECLARATION = '<?xml version="1.0" encoding="UTF-8" ?>\n'


def tag(kind: str, key: str, value: str) -> str:
    return f'<{kind} key={quoteattr(key)} value="{value}"/>'


def event(*attributes: str, name: str = "Register", time: str = "2026-01-05T09:00:00+02:00") -> str:
    own = [tag("string", "concept:name", name), tag("date", "time:timestamp", time), *attributes]
    return "\t\t<event>\n\t\t\t" + "\n\t\t\t".join(own) + "\n\t\t</event>\n"


def trace(*events: str, name: str | None = "2026/1", attributes: tuple[str, ...] = ()) -> str:
    own = (
        [tag("string", "concept:name", name), *attributes] if name is not None else list(attributes)
    )
    return (
        "\t<trace>\n" + "".join(f"\t\t{each}\n" for each in own) + "".join(events) + "\t</trace>\n"
    )


def log(*traces: str, head: str = "") -> str:
    return f'{DECLARATION}<log xes.version="1.0">\n{head}{"".join(traces)}</log>\n'


def write(folder: Path, text: str | bytes, name: str = "log.xes") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def read(folder: Path, text: str | bytes, name: str = "log.xes") -> RawTable:
    return read_xes(write(folder, text, name))


def refusal(folder: Path, text: str | bytes, name: str = "log.xes") -> str:
    with pytest.raises(SourceError) as caught:
        read(folder, text, name)
    message = str(caught.value)
    assert message.startswith(name), "the message names the file"
    assert len(message.splitlines()) == 2, "the message says what to do next"
    return message


def values(raw: RawTable, column: str) -> list[object]:
    return raw.table[column].to_pylist()


def line_of(text: str, fragment: str) -> int:
    return text[: text.index(fragment)].count("\n") + 1


TWO_CASES = log(
    trace(event(name="Register"), event(name="Decide"), name="2026/1"),
    trace(event(), name="2026/2"),
)


@pytest.fixture
def streamed_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the quick way out."""
    monkeypatch.setattr(xes, "head_length", lambda file: None)


# What is read.


def test_an_event_is_a_row_and_its_trace_gives_case_columns(tmp_path: Path) -> None:
    raw = read(
        tmp_path,
        log(
            trace(
                event(tag("int", "pages", "3"), tag("boolean", "urgent", "true")),
                event(tag("float", "fee", "12.5"), name="Decide"),
                attributes=(tag("date", "deadline", "2026-03-01T00:00:00+02:00"),),
            )
        ),
    )
    assert raw.table.schema == pa.schema(
        {
            "case:concept:name": pa.string(),
            "case:deadline": pa.timestamp("us", tz="UTC"),
            "concept:name": pa.string(),
            "time:timestamp": pa.timestamp("us", tz="UTC"),
            "pages": pa.int64(),
            "urgent": pa.bool_(),
            "fee": pa.float64(),
        }
    )
    assert values(raw, "case:concept:name") == ["2026/1", "2026/1"]
    assert values(raw, "concept:name") == ["Register", "Decide"]
    assert (values(raw, "pages"), values(raw, "urgent"), values(raw, "fee")) == (
        [3, None],
        [True, None],
        [None, 12.5],
    )
    assert str(values(raw, "case:deadline")[1]) == "2026-02-28 22:00:00+00:00"
    assert raw.rows.tolist() == [1, 2]
    assert raw.rows.dtype == np.int32
    assert (raw.notes, raw.rows_unread, len(raw.rejected)) == ((), 0, 0)


def test_the_checksum_is_that_of_the_file_as_stored(tmp_path: Path) -> None:
    packed = gzip.compress(TWO_CASES.encode())
    raw = read(tmp_path, packed, "log.xes.gz")
    assert raw.sha256 == hashlib.sha256(packed).hexdigest()
    assert raw.name == "log.xes.gz"


def test_gzip_is_known_by_its_first_bytes_and_not_by_the_name(tmp_path: Path) -> None:
    plain = read(tmp_path, TWO_CASES, "plain.xes.gz")
    packed = read(tmp_path, gzip.compress(TWO_CASES.encode()), "packed.xes")
    assert plain.table.equals(packed.table)
    assert plain.table.num_rows == 3


@pytest.mark.parametrize("opening", ["<log>", '<log xmlns="http://www.xes-standard.org/">'])
def test_a_namespace_makes_no_difference(tmp_path: Path, opening: str) -> None:
    assert read(tmp_path, TWO_CASES.replace('<log xes.version="1.0">', opening)).table.num_rows == 3


def test_prefixed_tags_are_read(tmp_path: Path) -> None:
    text = TWO_CASES.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
    assert read(tmp_path, text).table.equals(read(tmp_path, TWO_CASES).table)


def test_a_byte_order_mark_makes_no_difference(tmp_path: Path) -> None:
    marked = b"\xef\xbb\xbf" + TWO_CASES.encode()
    assert read(tmp_path, marked).table.equals(read(tmp_path, TWO_CASES).table)


def test_references_and_unicode_are_read_as_written(tmp_path: Path) -> None:
    raw = read(tmp_path, log(trace(event(name="a &amp; b &lt;&#233;&#x20AC;&quot;&gt; ș ț 建"))))
    assert values(raw, "concept:name") == ['a & b <é€"> ș ț 建']


def test_a_line_break_in_a_value_is_a_space_and_a_reference_to_one_a_line_break(
    tmp_path: Path,
) -> None:
    raw = read(tmp_path, log(trace(event(name="a\nb\r\nc\td&#10;e"))))
    assert values(raw, "concept:name") == ["a b c d\ne"]


def test_defaults_of_globals_are_not_filled_in(tmp_path: Path) -> None:
    head = (
        '<global scope="trace"><date key="closed" value="1970-01-01T00:00:00+01:00"/></global>'
        '<global scope="event"><string key="org:group" value="UNKNOWN"/></global>\n'
    )
    closed = tag("date", "closed", "2026-02-01T00:00:00Z")
    raw = read(
        tmp_path,
        log(
            trace(event(tag("string", "org:group", "Desk")), attributes=(closed,)),
            trace(event(), name="2026/2"),
            head=head,
        ),
    )
    assert values(raw, "org:group") == ["Desk", None]
    assert raw.table["case:closed"].null_count == 1


def test_times_without_a_zone_stay_local(tmp_path: Path) -> None:
    raw = read(tmp_path, log(trace(event(time="2026-01-05T09:00:00.5"))))
    assert raw.table["time:timestamp"].type == pa.timestamp("us")
    assert str(values(raw, "time:timestamp")[0]) == "2026-01-05 09:00:00.500000"
    assert raw.offset_samples == ()


def test_seven_digits_of_a_second_are_cut_to_microseconds(tmp_path: Path) -> None:
    raw = read(tmp_path, log(trace(event(time="1969-12-31T23:59:59.1234567Z"))))
    assert raw.table["time:timestamp"].cast(pa.int64()).to_pylist() == [-876544]
    assert raw.rows_unread == 0


def test_offsets_are_sampled_as_written(tmp_path: Path) -> None:
    times = [
        "2026-01-05T09:00:00+02:00",
        "2026-07-05T09:00:00+03:00",
        "2026-07-05T09:00:00.000-0330",
    ]
    raw = read(tmp_path, log(trace(*(event(time=each) for each in times))))
    instants = raw.table["time:timestamp"].cast(pa.int64()).to_pylist()
    assert sorted(raw.offset_samples) == sorted(zip(instants, [120, 180, -210], strict=True))


def test_whole_numbers_and_decimals_of_one_key_become_decimals(tmp_path: Path) -> None:
    raw = read(
        tmp_path, log(trace(event(tag("int", "fee", "3")), event(tag("float", "fee", "2.5"))))
    )
    assert values(raw, "fee") == [3.0, 2.5]
    assert raw.notes == ()


def test_other_types_of_one_key_become_text_with_a_note(tmp_path: Path) -> None:
    raw = read(
        tmp_path, log(trace(event(tag("int", "a", "03")), event(tag("boolean", "a", "true"))))
    )
    assert values(raw, "a") == ["03", "true"]
    assert raw.notes == ("'a' of events is written as boolean and int; it was read as text",)


def test_a_numeric_case_name_stays_text(tmp_path: Path) -> None:
    raw = read(
        tmp_path, log(trace(event(), name=None, attributes=(tag("int", "concept:name", "007"),)))
    )
    assert values(raw, "case:concept:name") == ["007"]


# Which way is taken.


def test_a_plain_file_is_not_parsed_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed_again(file: XesFile) -> None:
        raise AssertionError("the thorough parser was called")

    monkeypatch.setattr(xes, "streamed_parts", parsed_again)
    assert read(tmp_path, TWO_CASES).table.num_rows == 3


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        ("\t<trace>", "\t<!-- <event> is no event here --><trace>"),
        ("\t</trace>", "\t</trace><![CDATA[<event>]]>"),
        ('key="concept:name" value="Decide"', "value='Decide' key='concept:name'"),
        ('"Decide"/>', '"Decide"></string>'),
        ("\t\t<event>", '\t\t<event xml:lang="ro">'),
        ("</log>", '<string key="late" value="of the log"/></log>'),
    ],
)
def test_what_is_not_plain_is_parsed_thoroughly_with_the_same_result(
    tmp_path: Path, plain: str, other: str
) -> None:
    text = TWO_CASES.replace(plain, other)
    assert text != TWO_CASES
    path = write(tmp_path, text)
    with pytest.raises(NotPlain):
        list(plain_parts(open_xes(path), head_length(open_xes(path)) or 0))
    assert read_xes(path).table.equals(read(tmp_path, TWO_CASES, "plain.xes").table)


# What is odd but usable.


def test_an_unreadable_time_rejects_its_event_and_says_where(tmp_path: Path) -> None:
    text = log(trace(event(), event(time="2026-13-05T09:00:00Z"), event(time="")))
    raw = read(tmp_path, text)
    line = line_of(text, "2026-13")
    assert raw.rejected.to_dict("records") == [
        {
            "row": 2,
            "column": "time:timestamp",
            "reason": f"the time is not a date and time (line {line}, column 4)",
            "value": "2026-13-05T09:00:00Z",
        },
        {
            "row": 3,
            "column": "time:timestamp",
            "reason": f"the time is not a date and time (line {line + 4}, column 4)",
            "value": "",
        },
    ]
    assert raw.rows.tolist() == [1]
    assert raw.rows_unread == 2
    assert raw.table.num_rows == 1


def test_a_time_without_a_zone_among_times_with_one_is_rejected(tmp_path: Path) -> None:
    raw = read(tmp_path, log(trace(event(), event(), event(time="2026-01-05T09:00:00"))))
    assert raw.rows.tolist() == [1, 2]
    assert "has no zone offset, most others have one" in raw.rejected["reason"][0]


def test_a_time_with_a_zone_among_times_without_is_rejected(tmp_path: Path) -> None:
    local = event(time="2026-01-05T09:00:00")
    raw = read(tmp_path, log(trace(local, event(), local)))
    assert raw.rows.tolist() == [1, 3]
    assert "has a zone offset, most others have none" in raw.rejected["reason"][0]


def test_an_event_without_a_time_stays_with_a_note(tmp_path: Path) -> None:
    timeless = '\t\t<event><string key="concept:name" value="Decide"/></event>\n'
    raw = read(tmp_path, log(trace(event(), timeless)))
    assert raw.table["time:timestamp"].null_count == 1
    assert raw.notes == ("1 event without time:timestamp; first event 2",)


@pytest.mark.parametrize(
    "own", ["", tag("string", "concept:name", ""), tag("string", "concept:name", "  ")]
)
def test_an_event_without_a_name_stays_with_a_note(tmp_path: Path, own: str) -> None:
    nameless = (
        f'\t\t<event>{own}<date key="time:timestamp" value="2026-01-05T09:00:00Z"/></event>\n'
    )
    raw = read(tmp_path, log(trace(event(), nameless)))
    assert values(raw, "concept:name") == ["Register", None]
    assert raw.notes == ("1 event without concept:name; first event 2",)


@pytest.mark.parametrize(
    ("kind", "bad", "good", "read_as", "reason"),
    [
        ("int", "3,5", "4", 4, "is not a whole number of 64 bits"),
        ("int", "9223372036854775808", "+4", 4, "is not a whole number of 64 bits"),
        ("float", "3,5", " 4.5", 4.5, "is not a number"),
        ("boolean", "yes", "TRUE", True, "is not true or false"),
        ("date", "5 January", "2026-01-05T09:00:00Z", None, "is not a date and time"),
    ],
)
def test_an_unreadable_value_is_empty_with_a_note_and_never_a_default(
    tmp_path: Path, kind: str, bad: str, good: str, read_as: object, reason: str
) -> None:
    text = log(
        trace(event(tag(kind, "x", good)), event(tag(kind, "x", bad)), event(tag(kind, "x", bad)))
    )
    raw = read(tmp_path, text)
    assert raw.table["x"].is_null().to_pylist() == [False, True, True]
    assert read_as is None or values(raw, "x")[0] == read_as
    place = f"line {line_of(text, bad)}, column 4"
    assert raw.notes == (
        f"2 values of 'x' of events left empty: the first {reason}, event 2 ({place})",
    )
    assert raw.table.num_rows == 3


def test_a_tag_without_a_value_is_empty_with_a_note(tmp_path: Path) -> None:
    raw = read(tmp_path, log(trace(event('<string key="x"/>'), event(tag("string", "x", "")))))
    assert values(raw, "x") == [None, ""]
    assert "the first has no value" in raw.notes[0]


def test_of_a_key_that_one_event_gives_twice_the_first_value_is_kept(tmp_path: Path) -> None:
    fees = [tag("int", "fee", each) for each in "123"]
    text = log(trace(event(), event(*fees)), trace(event(tag("int", "fee", "4")), name="2026/2"))
    raw = read(tmp_path, text)
    assert values(raw, "fee") == [None, 1, 4]
    place = f"line {line_of(text, fees[1])}, column 4"
    assert raw.notes == (
        "1 event with 'fee' more than once: the first value was kept, 2 left aside; "
        f"first event 2 ({place})",
    )


def test_of_a_key_that_one_trace_gives_twice_the_first_value_is_kept(tmp_path: Path) -> None:
    raw = read(
        tmp_path, log(trace(event(), attributes=(tag("string", "a", "1"), tag("string", "a", "2"))))
    )
    assert values(raw, "case:a") == ["1"]
    assert raw.notes[0].startswith("1 trace with 'a' more than once: the first value was kept")


def test_traces_of_one_name_are_one_case_with_a_note(tmp_path: Path) -> None:
    raw = read(tmp_path, log(*(trace(event(), name=each) for each in ["7", "8", "7", "7", "8"])))
    assert Counter(values(raw, "case:concept:name")) == {"7": 3, "8": 2}
    assert raw.notes == (
        "3 traces with the concept:name of an earlier one: one case with it; first '7'",
    )


def test_traces_without_a_name_are_called_after_their_place(tmp_path: Path) -> None:
    raw = read(
        tmp_path, log(trace(event(), name="x"), trace(event(), name=None), trace(event(), name=" "))
    )
    assert values(raw, "case:concept:name") == ["x", "trace 2", "trace 3"]
    assert "2 traces of 3 without concept:name" in raw.notes[0]


def test_a_made_name_is_never_one_that_a_trace_carries(tmp_path: Path) -> None:
    raw = read(tmp_path, log(trace(event(), name="trace 2"), trace(event(), name=None)))
    assert values(raw, "case:concept:name") == ["trace 2", "unnamed trace 2"]


@pytest.mark.parametrize("empty", ["<trace/>", "<trace></trace>", trace(name="2026/9")])
def test_traces_without_events_are_counted(tmp_path: Path, empty: str) -> None:
    raw = read(tmp_path, log(trace(event()), empty, trace(event(), name="2026/2"), empty))
    assert values(raw, "case:concept:name") == ["2026/1", "2026/2"]
    assert "2 traces of 4 without events: no case; first trace 2" in raw.notes


@pytest.mark.parametrize("bare", ["<event/>", "<event></event>"])
def test_an_event_without_attributes_is_a_row_all_the_same(tmp_path: Path, bare: str) -> None:
    raw = read(tmp_path, log(trace(event(), bare, event(), bare)))
    assert values(raw, "concept:name") == ["Register", None, "Register", None]


def test_an_event_outside_any_trace_is_rejected(tmp_path: Path) -> None:
    raw = read(tmp_path, log(event(), trace(event()), event(time="never")))
    assert raw.rows.tolist() == [2]
    assert raw.rejected["row"].tolist() == [1, 3]
    assert set(raw.rejected["reason"]) == {"the event stands outside any trace"}


def test_nested_attributes_and_lists_are_left_aside_with_a_note(tmp_path: Path) -> None:
    nested = '<string key="a" value="1"><int key="b" value="2"/><int key="c" value="3"/></string>'
    listed = '<list key="l"><values><string key="m" value="4"/></values></list>'
    raw = read(tmp_path, log(trace(event(nested, listed))))
    assert values(raw, "a") == ["1"]
    assert not {"b", "c", "l", "m"} & set(raw.table.column_names)
    assert [note.partition(" (")[0] for note in raw.notes] == [
        "attributes inside other attributes left aside: 3",
        "lists and containers left aside: 1",
    ]


def test_unknown_tags_and_attributes_without_a_key_are_counted(tmp_path: Path) -> None:
    raw = read(tmp_path, log(trace(event('<money key="a" value="1"/>', '<string value="1"/>'))))
    assert raw.table.column_names == ["case:concept:name", "concept:name", "time:timestamp"]
    assert [note.partition(" (")[0] for note in raw.notes] == [
        "attributes without a key left aside: 1",
        "tags that XES does not know left aside: 1",
    ]


def test_an_event_key_that_looks_like_a_case_column_is_moved_aside(tmp_path: Path) -> None:
    raw = read(
        tmp_path,
        log(
            trace(
                event(tag("string", "case:unit", "B"), tag("string", "case:other", "C")),
                attributes=(tag("string", "unit", "A"),),
            )
        ),
    )
    assert values(raw, "case:unit") == ["A"]
    assert values(raw, "event:case:unit") == ["B"]
    assert values(raw, "case:other") == ["C"]
    assert len(raw.notes) == 1


# What is refused.


def test_nothing_at_all_is_refused(tmp_path: Path) -> None:
    assert "is empty (0 bytes)" in refusal(tmp_path, b"")
    assert "unpacks to 0 bytes" in refusal(tmp_path, gzip.compress(b""), "log.xes.gz")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be opened"):
        read_xes(tmp_path / "nowhere.xes")


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95, 0.999])
def test_a_gzip_file_that_is_cut_off_is_refused(tmp_path: Path, share: float) -> None:
    packed = gzip.compress(log(*(trace(event(), name=str(n)) for n in range(500))).encode())
    cut = packed[: int(len(packed) * share)]
    assert "is cut off: its gzip stream breaks off" in refusal(tmp_path, cut, "log.xes.gz")


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.7, 0.95])
def test_a_gzip_file_with_a_flipped_byte_is_refused(tmp_path: Path, share: float) -> None:
    packed = bytearray(
        gzip.compress(log(*(trace(event(), name=str(n)) for n in range(500))).encode())
    )
    packed[int(len(packed) * share)] ^= 0x10
    assert "gzip stream" in refusal(tmp_path, bytes(packed), "log.xes.gz")


def test_a_damaged_gzip_stream_is_named_before_the_nonsense_it_unpacks_to(tmp_path: Path) -> None:
    text = log(*(trace(event(), name=str(n)) for n in range(9_000))).encode()
    stored = bytearray(gzip.compress(text, 0))
    assert len(stored) > 1 << 20
    stored[stored.index(b"<log") + 1] ^= 0x60
    assert "is damaged" in refusal(tmp_path, bytes(stored), "log.xes.gz")


def test_a_wrong_checksum_is_refused_though_the_text_is_whole(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(TWO_CASES.encode()))
    packed[-6] ^= 1
    assert "is damaged" in refusal(tmp_path, bytes(packed), "log.xes.gz")


@pytest.mark.parametrize("end", ["</log>", "</trace>\n</log>", "</event>", 'value="2026/2"'])
def test_a_file_without_its_end_is_refused(tmp_path: Path, end: str) -> None:
    cut = TWO_CASES[: TWO_CASES.rindex(end)]
    assert "is cut off: it ends at line" in refusal(tmp_path, cut)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE log SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE log [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>',
        "<!-- first --><!DOCTYPE log>",
    ],
)
def test_a_document_type_is_refused_and_nothing_expanded(tmp_path: Path, doctype: str) -> None:
    text = TWO_CASES.replace("<log ", doctype + "\n<log ").replace('"Decide"', '"&x;"')
    assert "declares a document type" in refusal(tmp_path, text)


def test_a_document_type_later_in_the_file_is_refused(tmp_path: Path) -> None:
    text = TWO_CASES.replace("\t</trace>", '\t</trace><!DOCTYPE log [<!ENTITY x "y">]>', 1)
    assert "is not well-formed" in refusal(tmp_path, text)


def test_an_undeclared_entity_is_refused(tmp_path: Path) -> None:
    assert "undefined entity" in refusal(tmp_path, TWO_CASES.replace("Decide", "&nbsp;"))


@pytest.mark.parametrize("value", ["a<b", "a\x01b", "a&b", "&#1;", "&#xD800;", "\ufffe", '"', '""'])
@pytest.mark.parametrize("where", ["Decide", "2026/2", "concept:name"])
def test_a_value_that_xml_does_not_allow_is_refused(tmp_path: Path, where: str, value: str) -> None:
    text = f"{value}".join(TWO_CASES.rsplit(where, 1))
    assert "is not well-formed XML in UTF-8 at line" in refusal(tmp_path, text)


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1250", "UTF-16"])
def test_another_encoding_is_refused_in_words(tmp_path: Path, encoding: str) -> None:
    text = TWO_CASES.replace("UTF-8", encoding).encode(encoding)
    message = refusal(tmp_path, text)
    assert encoding in message
    assert "only UTF-8 is read" in message


@pytest.mark.parametrize("where", ["Decide", "2026/2"])
def test_bytes_that_are_not_utf8_are_refused_with_their_place(tmp_path: Path, where: str) -> None:
    text = TWO_CASES.encode().replace(where.encode(), b"D\xe9cision")
    line = TWO_CASES[: TWO_CASES.index(where)].count("\n") + 1
    assert f"is not well-formed XML in UTF-8 at line {line}, column" in refusal(tmp_path, text)


@pytest.mark.parametrize("text", ["case;activity\n1;a\n", "PK\x03\x04", "\x00\x01", "{}"])
def test_what_is_not_xml_is_refused(tmp_path: Path, text: str) -> None:
    assert "XML" in refusal(tmp_path, text) or "UTF-16" in refusal(tmp_path, text)


def test_another_kind_of_xml_is_refused(tmp_path: Path) -> None:
    message = refusal(tmp_path, '<?xml version="1.0"?><pnml><net/></pnml>')
    assert "its outermost element is <pnml>, not <log>" in message


@pytest.mark.parametrize("inside", ["", trace(), "<trace/>"])
def test_a_log_without_events_is_refused(tmp_path: Path, inside: str) -> None:
    assert "holds no events" in refusal(tmp_path, log(inside))


@pytest.mark.parametrize(
    ("plain", "wrong"),
    [
        ("</event>", "<event></event></event>"),
        ("</trace>", "<trace></trace></trace>"),
        ("</event>", "<trace></trace></event>"),
        ('<log xes.version="1.0">', '<log><string key="a" value="b"><trace/></string>'),
    ],
)
def test_a_trace_or_event_in_the_wrong_place_is_refused(
    tmp_path: Path, plain: str, wrong: str
) -> None:
    message = refusal(tmp_path, TWO_CASES.replace(plain, wrong, 1))
    assert " inside a <" in message
    assert " at line " in message


# Two parsers that must agree, on whole files and on files in small pieces.


@dataclass(frozen=True)
class Memory(XesFile):
    """A file in memory that comes in blocks of ``step`` bytes."""

    text: bytes = b""
    step: int = 1 << 20

    def blocks(self, size: int = 0) -> Iterator[bytes]:
        return (self.text[at : at + self.step] for at in range(0, len(self.text), self.step))


def in_memory(text: str | bytes, step: int = 1 << 20) -> Memory:
    return Memory(Path("memory.xes"), False, text.encode() if isinstance(text, str) else text, step)


def spelled_out(gathered: Gathered) -> object:
    columns = [
        (name, column.types, column.owner.tolist(), column.at.tolist(), column.values.to_pylist())
        for name, column in gathered.columns.items()
    ]
    return columns, gathered.trace_of_event.tolist(), gathered.traces, dict(gathered.left_aside)


def quickly(file: XesFile) -> object:
    begin = head_length(file)
    if begin is None:
        raise NotPlain
    return spelled_out(gather(plain_parts(file, begin)))


def thoroughly(file: XesFile) -> object:
    return spelled_out(gather(streamed_parts(file)))


def takes_rightly(file: XesFile) -> bool:
    """Whether the quick parser takes a file; if so, the thorough one must read the same."""
    try:
        quick = quickly(file)
    except (NotPlain, SourceError):
        return False
    assert quick == thoroughly(file)
    return True


KEYS = st.sampled_from(["concept:name", "time:timestamp", "fee", "case:fee", "Nr. înregistrare"])
TIMES = [
    "2026-01-05T09:00:00Z",
    "2026-07-05T09:00:00.123+03:00",
    "2026-01-05",
    "1969-12-31T23:59:59.999999Z",
]
WRITTEN = st.one_of(
    st.sampled_from(
        ["1", "-2", "0.5", "true", "", " ", "abc", "&#233;", "a\nb", "\r\n", "&#10;", *TIMES]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=6).map(
        lambda text: quoteattr(text, {'"': "&quot;"})[1:-1]
    ),
)
ATTRIBUTES = st.builds(
    tag, st.sampled_from(["string", "date", "int", "float", "boolean", "id"]), KEYS, WRITTEN
)
GAPS = st.sampled_from(["", "\n", "\r\n\t", "  "])


@st.composite
def small_logs(draw: st.DrawFn, *, least: int = 0) -> str:
    """A log in plain XES: every event has an attribute, much else is missing, repeated or unreadable."""
    gap = draw(GAPS)

    def some_events() -> str:
        events = draw(st.lists(st.lists(ATTRIBUTES, min_size=1, max_size=4), max_size=4))
        return gap.join(f"<event>{gap}{gap.join(each)}{gap}</event>" for each in events)

    def a_trace() -> str:
        before, after = (
            draw(st.lists(ATTRIBUTES, min_size=least, max_size=3)),
            draw(st.lists(ATTRIBUTES, max_size=1)),
        )
        return f"<trace>{gap}{gap.join(before)}{gap}{some_events()}{gap}{gap.join(after)}</trace>"

    traces = [a_trace() for _ in range(draw(st.integers(0, 4)))]
    traces.insert(draw(st.integers(0, len(traces))), trace(event()))
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return f"{mark}{DECLARATION}<log>{gap}{gap.join(traces)}{gap}</log>{gap}"


@given(small_logs())
def test_both_parsers_read_the_same(text: str) -> None:
    assert quickly(in_memory(text)) == thoroughly(in_memory(text))


@given(small_logs(least=1), st.integers(1, 300))
def test_it_makes_no_difference_in_what_pieces_a_file_comes(text: str, step: int) -> None:
    expected = thoroughly(in_memory(text))
    assert quickly(in_memory(text, step)) == expected
    assert thoroughly(in_memory(text, step)) == expected


@given(small_logs(), st.data())
def test_what_the_quick_parser_takes_in_a_damaged_file_the_thorough_one_reads_alike(
    text: str, data: st.DataObject
) -> None:
    whole = text.encode()
    begin = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(begin, min(begin + 20, len(whole))))
    pieces = [
        b"",
        b'"',
        b"<",
        b">",
        b"&",
        b"&amp;",
        b"\x00",
        b"\xff",
        b"\xef\xbf\xbf",
        b"'",
        b"<event>",
    ]
    pieces += [
        b"</event>",
        b"</trace>",
        b"<trace>",
        b"<!---->",
        b"/",
        b" ",
        b"x",
        whole[begin - 30 : begin],
    ]
    file = in_memory(whole[:begin] + data.draw(st.sampled_from(pieces)) + whole[end:])
    takes_rightly(file)


def test_with_any_tag_left_out_doubled_or_exchanged_the_parsers_agree_or_the_quick_one_gives_up() -> (
    None
):
    text = log(
        trace(event(), event(), attributes=(tag("id", "a", "1"),)), "<trace/>", trace(event())
    )
    tags = list(re.finditer("<[^?>]*>", text))
    instead = ["", *dict.fromkeys(each[0] for each in tags)]
    taken = [
        takes_rightly(in_memory(text[: at.start()] + other + kept + text[at.end() :]))
        for at, other, kept in product(tags, instead, ["", "\n<event>", "</trace>"])
    ]
    assert 20 < sum(taken) < len(taken) / 2


@given(small_logs())
def test_every_event_of_the_file_is_in_the_table_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    raw = read(tmp_path_factory.mktemp("xes"), text)
    rows = np.concatenate([raw.rows, raw.rejected["row"].to_numpy()])
    assert sorted(rows) == list(range(1, text.count("<event>") + 1))
    assert raw.table.num_rows == len(raw.rows)
    assert raw.table["case:concept:name"].null_count == 0


@given(small_logs(), st.integers(1, 40), st.data())
def test_places_are_lines_and_columns(text: str, step: int, data: st.DataObject) -> None:
    whole = text.encode()
    offsets = data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=9))
    found = in_memory(text, step).places(np.array(offsets, np.int64))
    for offset, place in zip(offsets, found, strict=True):
        before = whole[:offset]
        line, column = before.count(b"\n") + 1, offset - before.rfind(b"\n")
        assert place == f"line {line}, column {column}"


# Real logs.


REAL = {
    "receipt.xes.gz": (8_577, 1_434, 27),
    "BPIC15_1.xes.gz": (52_217, 1_199, 398),
    "BPIC12.xes.gz": (262_200, 13_087, 24),
    "SEPSIS.xes.gz": (15_214, 1_050, 16),
    "BPIC13_closed_problems.xes.gz": (6_660, 1_487, 4),
    "BPIC20_DomesticDeclarations.xes.gz": (56_437, 10_500, 17),
    "road_fines.xes.gz": (561_470, 150_370, 11),
}


@pytest.mark.parametrize("name", REAL)
def test_a_real_log_has_its_known_counts(logs: Path, name: str) -> None:
    raw = read_xes(logs / name)
    cases = raw.table["case:concept:name"].unique()
    activities = raw.table["concept:name"].unique()
    assert (raw.table.num_rows, len(cases), len(activities)) == REAL[name]
    assert (len(raw.rejected), raw.notes) == (0, ())
    assert raw.table["time:timestamp"].type == pa.timestamp("us", tz="UTC")
    assert raw.table["time:timestamp"].null_count == 0
    assert 0 < len(raw.offset_samples) <= 4096


def test_the_receipt_log_has_an_end_date_only_where_it_is_written(logs: Path) -> None:
    table = read_xes(logs / "receipt.xes.gz").table
    cases = table.group_by("case:concept:name").aggregate(
        [("case:enddate", "max"), ("case:deadline", "max")]
    )
    assert len(cases) - cases["case:enddate_max"].null_count == 1_329
    assert len(cases) - cases["case:deadline_max"].null_count == 1_434
    late = pc.greater(cases["case:enddate_max"], cases["case:deadline_max"])
    assert pc.sum(late).as_py() == 377


@pytest.mark.usefixtures("streamed_only")
def test_the_thorough_parser_reads_the_receipt_log_like_the_quick_one(logs: Path) -> None:
    path = logs / "receipt.xes.gz"
    begin = head_length(open_xes(path))
    assert begin is not None
    quick = gather(plain_parts(open_xes(path), begin))
    assert spelled_out(quick) == spelled_out(gather(streamed_parts(open_xes(path))))
    assert read_xes(path).table.num_rows == 8_577


@pytest.mark.parametrize("name", ["receipt.xes.gz", "BPIC15_1.xes.gz", "SEPSIS.xes.gz"])
def test_another_library_reads_the_same_values_but_for_the_defaults_it_fills_in(
    logs: Path, name: str
) -> None:
    r4pm_df = pytest.importorskip("r4pm.df")
    other = r4pm_df.import_xes(str(logs / name))[0].to_arrow()
    ours = read_xes(logs / name).table
    assert set(ours.column_names) == set(other.column_names)
    filled = {"case:enddate": 617, "case:group": 4_961} if name.startswith("receipt") else {}
    for column in ours.column_names:
        mine = ours[column]
        theirs = other[column]
        if pa.types.is_timestamp(mine.type):
            theirs = theirs.cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC"))
        theirs = theirs.cast(mine.type)
        if column in filled:
            assert mine.null_count == filled[column]
            assert theirs.null_count == 0
            theirs = pc.if_else(pc.is_null(mine), None, theirs)
        assert mine.combine_chunks().equals(theirs.combine_chunks()), column
