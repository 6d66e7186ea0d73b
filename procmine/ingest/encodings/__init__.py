"""The encoding of a text: found from its bytes and the letters of its language, or named by the user."""

from procmine.ingest.encodings.decide import Encoding, encoding_of, named_encoding
from procmine.ingest.encodings.mojibake import mojibake_note
from procmine.ingest.encodings.spelling import best_spelling, spelling_note
from procmine.ingest.encodings.transcode import to_utf8

__all__ = [
    "Encoding",
    "best_spelling",
    "encoding_of",
    "mojibake_note",
    "named_encoding",
    "spelling_note",
    "to_utf8",
]
