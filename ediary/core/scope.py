"""Which rows exist for this user."""

from __future__ import annotations

from dataclasses import dataclass

from ediary.core.permissions import Permission, Role, permissions_of


@dataclass(frozen=True)
class Scope:
    """Set once per session by the gate (or by `acting_for`); the fence reads nothing else.

    For each of the id tuples None means all of the institution, () means none.
    """

    institution_id: int
    user_id: int | None
    role: Role | None
    #: groups in which this user works today
    group_ids: tuple[int, ...] | None = None
    #: children who are in those groups today, or the user's own children
    child_ids: tuple[int, ...] | None = None
    #: children who ever were in those groups: their names stay on old sheets
    known_child_ids: tuple[int, ...] | None = None
    #: a specialist's own diary belongs to this person; None = may see everybody's
    person_id: int | None = None
    device: str = "program"

    def may(self, permission: Permission) -> bool:
        return self.role is None or permission in permissions_of(self.role)

    def sees_group(self, group_id: int) -> bool:
        return self.group_ids is None or group_id in self.group_ids
