"""Spans in statements: which rows with `valid_from`, `valid_to` (inclusive, None = open) hold when.

The same two questions that `core.dates.covers` and `overlaps` ask of plain values. `span` is a model, or its table's
columns where the fence does not read; a day is a date or a named value.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement


def valid_on(span: Any, day: Any) -> ColumnElement[bool]:
    """Does the row hold on this day?"""
    return touching(span, day, day)


def touching(span: Any, first: Any, last: Any) -> ColumnElement[bool]:
    """Does the row hold on some day of first..last?"""
    found: ColumnElement[bool] = (span.valid_from <= last) & (span.valid_to.is_(None) | (span.valid_to >= first))
    return found
