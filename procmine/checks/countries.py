"""The country of an office by its zone, and its public holidays, as the calendars know them."""

from __future__ import annotations

from procmine.calendars.countries import country_of, public_holidays

__all__ = ["country_of", "public_holidays"]
