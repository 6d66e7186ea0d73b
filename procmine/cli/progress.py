"""What is being done, said on stderr while it is done."""

from __future__ import annotations

import sys
from threading import Timer
from types import TracebackType
from typing import Any


class Progress:
    """Says on stderr what is being done: on a terminal a moving bar, once it takes over a second; else a line each."""

    def __enter__(self) -> Progress:
        self._bar: Any = None
        if sys.stderr.isatty():
            self._bar, self._task = moving_bar()
            self._start = Timer(1.0, self._bar.start)
            self._start.daemon = True
            self._start.start()
        return self

    def __call__(self, what: str) -> None:
        """Say what begins now."""
        if self._bar is None:
            print(what, file=sys.stderr, flush=True)
        else:
            self._bar.update(self._task, description=what)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._start.cancel()
            self._start.join()
            self._bar.stop()


def moving_bar() -> tuple[Any, Any]:
    """Return a bar that is not shown yet, and its task."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    bar = Bar(*columns, console=console, transient=True, redirect_stdout=False)
    return bar, bar.add_task("", total=None)
