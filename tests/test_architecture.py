"""The floors of procmine: every module stands on one, and imports only from the floors below it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "procmine"

# Lowest first. Parts of one floor do not import each other, as kpi and discovery do not.
FLOORS = (
    ("errors",),
    ("kernels",),
    ("zones",),
    ("log", "calendars"),
    ("summary", "observe", "ingest"),
    ("enabled", "filters", "exchange", "card"),
    ("procedure",),
    ("discovery", "kpi", "checks"),
    ("conformance", "scale"),
    ("plot",),
    ("report", "jobs", "widgets"),
    ("__init__",),
    ("cli", "__main__"),
)
FLOOR = {part: height for height, parts in enumerate(FLOORS) for part in parts}

# Only for imports that run late (in a function) or never (if TYPE_CHECKING).
ALLOWED_LATE = {
    ("log", "ingest"): "a log carries its binding and its import report, and to_parquet hands over",
    ("log", "filters"): "EventLog.filter and EventLog.where hand over",
    ("log", "exchange"): "EventLog.to_frame and EventLog.to_pm4py hand over",
    ("observe", "enabled"): "steps(order=) hands over",
    ("log", "card"): "a notebook displays a log as a card",
    ("ingest", "card"): "a notebook displays an import report as a card",
}


@dataclass(frozen=True)
class Import:
    """One import of a part of procmine: who imports, on which line, what, and whether late."""

    module: str
    line: int
    target: str
    late: bool

    @property
    def source(self) -> str:
        return part_of(self.module)

    @property
    def allowed(self) -> bool:
        if self.source == self.target or FLOOR[self.target] < FLOOR[self.source]:
            return True
        return self.late and (self.source, self.target) in ALLOWED_LATE

    def __str__(self) -> str:
        return f"{self.module}, line {self.line}: {self.source} imports {self.target}"


def module_of(path: Path) -> str:
    names = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def part_of(name: str) -> str:
    """The part that a dotted name is of; what procmine itself hands on (pm.read) is of __init__."""
    names = name.split(".")
    return names[1] if len(names) > 1 and names[1] in FLOOR else "__init__"


def ancestors(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while node in parents:
        node = parents[node]
        yield node


def defers(node: ast.AST) -> bool:
    """Whether what stands inside runs later than the import of its module, or never."""
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.unparse(node.test)
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def names_imported(node: ast.AST, package: str) -> Iterator[str]:
    """The dotted names that a statement imports; `from a import b` may mean the module a.b."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = package.split(".")[: package.count(".") + 2 - node.level] if node.level else []
        base = [*above, *filter(None, [node.module])]
        yield from (".".join([*base, alias.name]) for alias in node.names)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
        yield from (str(arg.value) for arg in node.args if isinstance(arg, ast.Constant))


def imports_of(source: str, module: str, *, is_package: bool = False) -> list[Import]:
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    package = module if is_package else module.rpartition(".")[0]
    return [
        Import(module, node.lineno, part_of(name), any(map(defers, ancestors(node, parents))))
        for node in ast.walk(tree)
        for name in names_imported(node, package)
        if name.split(".")[0] == "procmine"
    ]


def imports_of_file(path: Path) -> list[Import]:
    is_package = path.name == "__init__.py"
    return imports_of(path.read_text("utf-8"), module_of(path), is_package=is_package)


def test_every_module_stands_on_a_floor() -> None:
    parts = {path.stem if path.is_file() else path.name for path in PACKAGE.iterdir()}
    homeless = sorted(parts - set(FLOOR) - {"__pycache__", "py"})
    assert not homeless, f"give these a floor, in DESIGN and in FLOORS: {homeless}"


def test_imports_point_down_only() -> None:
    found = [line for path in sorted(PACKAGE.rglob("*.py")) for line in imports_of_file(path)]
    assert found, "no module of procmine imports another: is the package elsewhere?"
    wrong = [line for line in found if not line.allowed]
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("procmine.kernels", "import procmine.log"),
        ("procmine.kernels", "def f():\n    from procmine.plot.axes import draw"),
        ("procmine.kpi.terms", "from procmine.discovery import variants"),
        ("procmine.kpi.terms", "from procmine import discovery"),
        ("procmine.kpi.terms", "from ..discovery import variants"),
        ("procmine.discovery.maps", "import_module('procmine.kpi.rework.rework')"),
        ("procmine.report.page", "from procmine import read"),
        ("procmine.log", "from procmine.ingest.report import ImportReport"),
        ("procmine.log", "def f():\n    from procmine.kpi import kpis"),
        ("procmine.ingest.csv", "def f():\n    from procmine.observe import cases"),
    ],
)
def test_an_import_that_points_up_or_sideways_is_found(module: str, source: str) -> None:
    (found,) = imports_of(source, module)
    assert not found.allowed


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("procmine.log", "from procmine.kernels import gaps"),
        ("procmine.log", "def f():\n    from procmine.filters import where"),
        ("procmine.log", "if TYPE_CHECKING:\n    from procmine.ingest.report import ImportReport"),
        ("procmine.kpi.terms", "from .blockages import standing"),
        ("procmine.kpi.terms", "from .. import errors"),
        ("procmine.report.page", "def f():\n    import procmine.plot"),
        ("procmine.cli", "import procmine as pm"),
    ],
)
def test_an_import_that_points_down_is_let_through(module: str, source: str) -> None:
    (found,) = imports_of(source, module)
    assert found.allowed
