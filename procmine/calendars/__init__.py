"""Calendars: when the office works, and on which days terms roll, as vectorised clocks."""

from __future__ import annotations

from procmine.calendars.calendar import Calendar
from procmine.calendars.day_table import DayTable

__all__ = ["Calendar", "DayTable"]
