"""WholeFile: what a file of an office says as a whole, which may also be given in Python with the same errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from procmine.errors import ProcmineError
from procmine.procedure.term import Part


class WholeFile(Part):
    """A model whose mistakes are told in sentences, wherever it comes from."""

    def __init__(self, /, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise self._refusal(error, given) from error

    # model_validate, by which files are read, then goes on as if the class had no __init__ of its own
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @classmethod
    def _refusal(cls, error: ValidationError, given: Mapping[str, Any]) -> ProcmineError:
        """Return the error that tells every mistake of what was given in Python."""
        raise NotImplementedError
