"""Who signs a printed sheet: the people who hold the roles on the day of the print (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ediary.accounts import queries as accounts
from ediary.accounts.rules import sole
from ediary.core.permissions import Role
from ediary.groups.queries import staff


@dataclass(frozen=True)
class Signers:
    """Names under the signature lines; empty where the diary knows nobody, or more than one who could sign."""

    educators: tuple[str, ...] = ()
    social_pedagogue: str = ""
    director: str = ""


def signers(group_ids: Sequence[int], day: date) -> dict[int, Signers]:
    """group -> who signs its sheet on this day. Four statements."""
    of_group = staff(group_ids, day)
    names = accounts.names({user_id for people in of_group.values() for user_id in people})
    social_pedagogue = sole(accounts.holders(Role.SOCIAL_PEDAGOGUE, day))
    director = sole(accounts.holders(Role.DIRECTOR, day))
    return {
        group_id: Signers(tuple(names[user_id] for user_id in of_group.get(group_id, [])), social_pedagogue, director)
        for group_id in group_ids
    }
