"""The binding: what it refuses, how it is saved and edited, and what takes precedence."""

from __future__ import annotations

import json
import tempfile
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import BindingError, ProcmineError, SourceError
from procmine.ingest.binding import RESOURCE_MODES, ROLES, Binding, Closing

WHOLE = Binding(case="Nr. dosar", activity="Etapa", timestamp="Data")


# --- what makes a binding -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"case": None}, r"no column is bound to case=\nname it, such as case='Nr. dosar'"),
        ({"activity": None}, r"no column is bound to activity=\nname it, such as activity="),
        ({"timestamp": None}, r"no column is bound to a time\ngive timestamp=, or start= and end="),
        ({"start": "De la"}, r"timestamp= goes alone\ngive either timestamp=, or start= and end="),
        ({"end": "La"}, r"timestamp= goes alone"),
        (
            {"timestamp": None, "start": "De la", "end": "La", "lifecycle": "Fel"},
            r"lifecycle= needs one timestamp= per row\nwith start= and end= leave lifecycle= out",
        ),
        ({"activity": "Nr. dosar"}, r"'Nr. dosar' is bound to both case= and activity="),
        ({"unit": "Om", "resource": "Om"}, r"'Om' is bound to both resource= and unit="),
        ({"resources": "anon"}, r"resources='anon' is not one of 'anonymous', 'pseudonym'"),
        ({"on_bad_rows": "ignore"}, r"on_bad_rows='ignore' is not one of 'drop', 'raise'"),
        ({"closed": Closing()}, r"closed= says nothing"),
        ({"closed": Closing(values=("da",))}, r"closed= says nothing"),
        ({"closed": Closing(("A",), "Data")}, r"closed= says two things"),
    ],
)
def test_a_binding_that_is_incomplete_or_contradicts_itself_is_refused(
    change: dict[str, Any], said: str
) -> None:
    with pytest.raises(BindingError, match=said):
        replace(WHOLE, **change).checked()


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"timestamp": None, "start": "De la", "end": "La"},
        {"timestamp": None, "end": "La"},
        {"timestamp": None, "start": "De la"},
        {"lifecycle": "Fel", "instance": "Id"},
        {"closed": Closing(("A", "B"))},
        {"closed": Closing(column="Data")},  # the end may be in a column that is bound
        {"closed": Closing(column="Stadiu", values=("închis",))},
        *({"resources": mode} for mode in RESOURCE_MODES),
    ],
)
def test_a_whole_binding_is_let_through(change: dict[str, Any]) -> None:
    binding = replace(WHOLE, **change)
    assert binding.checked() == binding


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (None, None),
        ("A", Closing(("A",))),
        (["A", "B"], Closing(("A", "B"))),
        ({"activities": "A"}, Closing(("A",))),
        ({"column": "Data"}, Closing(column="Data")),
        ({"column": "Stadiu", "values": "da"}, Closing(column="Stadiu", values=("da",))),
        ({"column": "Stadiu", "values": [1, 2]}, Closing(column="Stadiu", values=("1", "2"))),
        (Closing(("A",)), Closing(("A",))),
    ],
)
def test_closing_may_be_said_in_several_ways(given: object, meant: Closing | None) -> None:
    assert Closing.of(given) == meant


@pytest.mark.parametrize(
    "given", [{}, {"col": "Data"}, {"column": 3}, 3, [True], [None], {"column": "A", "values": 1.5}]
)
def test_closing_that_is_not_understood_is_refused_with_the_way_to_say_it(given: object) -> None:
    with pytest.raises(BindingError) as caught:
        Closing.of(given)
    assert "\n" in str(caught.value)


# --- kept in a file -------------------------------------------------------------------------------

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
SAYINGS = st.none() | TEXT
CLOSINGS = (
    st.none()
    | st.lists(TEXT, min_size=1, max_size=3).map(lambda names: Closing(tuple(names)))
    | st.builds(lambda column, values: Closing((), column, tuple(values)), TEXT, st.lists(TEXT))
)
BINDINGS = st.builds(
    Binding,
    **dict.fromkeys((*ROLES, "tz", "time_format", "separator"), SAYINGS),
    order=st.lists(TEXT, max_size=3).map(tuple),
    closed=CLOSINGS,
    resources=st.sampled_from(RESOURCE_MODES),
    on_bad_rows=st.sampled_from(["drop", "raise"]),
    reasons=st.dictionaries(st.sampled_from(ROLES), st.text(st.characters(codec="utf-8"))),
)


@given(BINDINGS)
def test_a_binding_that_was_saved_comes_back_whatever_its_columns_are_called(
    binding: Binding,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "binding.yaml"
        binding.save(path)
        assert Binding.load(path) == binding


@given(BINDINGS)
def test_the_plain_values_of_a_binding_pass_through_json(binding: Binding) -> None:
    plain = json.loads(json.dumps(binding.to_plain()))
    assert Binding.of_plain(plain, where="x") == binding


def test_the_file_reads_well_and_gives_the_reasons(tmp_path: Path) -> None:
    reasons = {"case": "the name is usual for case", "activity": "two\nlines"}
    path = tmp_path / "binding.yaml"
    replace(WHOLE, reasons=reasons, closed=Closing(("Eliberare",))).save(path)
    assert path.read_text(encoding="utf-8").splitlines() == [
        "# Which column means what. Edit it, then give it back as binding= or --binding.",
        "case: Nr. dosar  # the name is usual for case",
        "activity: Etapa  # two lines",
        "timestamp: Data",
        "closed:",
        "  activities:",
        "  - Eliberare",
        "resources: anonymous",
        "on_bad_rows: drop",
        "# tz: Europe/Bucharest                        the zone of the office",
    ]


def test_the_file_offers_what_no_column_can_say_in_lines_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "binding.yaml"
    WHOLE.save(path)
    offered = [line for line in path.read_text(encoding="utf-8").splitlines() if "# closed" in line]
    texts = [line.removeprefix("# ").split("  ")[0] for line in offered]
    closings = [Closing.of(yaml.safe_load(text)["closed"]) for text in texts]
    assert closings == [
        Closing(activities=("Permit issued", "Refused")),
        Closing(column="Status", values=("closed",)),
        Closing(column="End date"),
    ]


def test_reasons_are_no_part_of_what_a_binding_means() -> None:
    assert replace(WHOLE, reasons={"case": "because"}) == WHOLE
    assert "reasons" not in WHOLE.to_plain()


def load(tmp_path: Path, text: str) -> Binding:
    path = tmp_path / "binding.yaml"
    path.write_text(text, encoding="utf-8")
    return Binding.load(path)


def test_a_file_written_by_hand_may_be_short(tmp_path: Path) -> None:
    text = "case: Nr. dosar\nactivity: Etapa\ntimestamp: Data\nunit:\nclosed: Eliberare\norder: [A, B]\n"
    assert load(tmp_path, text) == replace(WHOLE, closed=Closing(("Eliberare",)), order=("A", "B"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("case: x\nactivty: y\n", r"no field 'activty' in a binding\nfields are: case.*\ndid you mean 'activity'\?"),
        ("Case: x\n", r"no field 'Case'.*\n.*\ndid you mean 'case'\?"),
        ("case: 7\n", r"case is 7, not a text\nwrite it in quotes"),
        ("tz: no\n", r"tz is False, not a text\nwrite it in quotes"),
        ("closed: {column: 7}\n", r"column is not a text\nwrite it in quotes"),
        ("closed: {column: Stadiu, values: [no]}\n", r"False in \[False\] is not a text\nwrite it in quotes"),
        ("closed: {activity: A}\n", r"is not understood: \['activity'\]\ngive closing activities"),
        ("order: 7\n", r"7 is not a text or a list of texts\nwrite it in quotes"),
        ("- case\n- activity\n", r"holds no binding\nit is a list of lines such as 'case: Nr. dosar'"),
        ("", r"holds no binding"),
        ("case: [x\n", r"is not YAML"),
        ("case: x: y\n", r"is not YAML"),
    ],
)  # fmt: skip
def test_a_file_with_a_fault_is_refused_with_the_fault_and_the_file(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(BindingError, match=said) as caught:
        load(tmp_path, text)
    assert "\n" in str(caught.value)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no binding file .*\nmake one with: procmine inspect"):
        Binding.load(tmp_path / "binding.yaml")


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "binding.yaml"
    path.write_bytes("case: Număr\n".encode("utf-16"))
    with pytest.raises(ProcmineError, match="UTF-8"):
        Binding.load(path)


# --- precedence -----------------------------------------------------------------------------------

PROPOSED = Binding(
    case="a", activity="b", start="c", end="d", resource="e", unit="f", reasons={"case": "1", "unit": "2"}
)  # fmt: skip


def test_what_is_left_open_is_taken_from_the_proposal() -> None:
    whole = Binding(activity="x").with_defaults(PROPOSED)
    assert whole == replace(PROPOSED, activity="x")
    assert whole.reasons == {"case": "1", "unit": "2"}


@pytest.mark.parametrize("given", [{"timestamp": "t"}, {"end": "t"}])
def test_a_time_that_is_given_replaces_the_proposed_times(given: dict[str, str]) -> None:
    whole = Binding(**given).with_defaults(PROPOSED)
    assert whole.time_columns() == ["t"]


def test_a_column_that_is_given_is_not_proposed_for_another_role() -> None:
    whole = Binding(case="f").with_defaults(PROPOSED)
    assert (whole.case, whole.unit) == ("f", None)
    assert whole.reasons == {}
    assert whole.checked() == whole


def test_every_field_is_documented_in_the_parameters_of_read() -> None:
    import inspect

    parameters = set(inspect.signature(pm.read).parameters)
    assert {field.name for field in fields(Binding)} - {"reasons", "notes"} <= parameters


def test_the_yaml_of_a_binding_is_plain(tmp_path: Path) -> None:
    path = tmp_path / "binding.yaml"
    WHOLE.save(path)
    assert yaml.safe_load(path.read_text(encoding="utf-8")) == WHOLE.to_plain()
