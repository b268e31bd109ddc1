"""Which rows exist for this user."""

from __future__ import annotations

from dataclasses import dataclass

from ediary.core.permissions import ON_A_TABLET, Permission, Role, permissions_of


@dataclass(frozen=True)
class Scope:
    """Set once per session by the gate (or by `acting_for`); the fence reads nothing else.

    None means all of the institution, () means none.
    """

    institution_id: int
    user_id: int | None
    role: Role | None
    #: groups in which this user works today; their children are those the enrolments say are in them
    group_ids: tuple[int, ...] | None = None
    #: exactly these children, whatever their groups: a guardian's own
    child_ids: tuple[int, ...] | None = None
    #: a specialist's own diary belongs to this person; None = may see everybody's
    person_id: int | None = None
    device: str = "program"
    #: acting on a group's shared tablet, where only the group's day can be opened
    on_tablet: bool = False

    def may(self, permission: Permission) -> bool:
        if self.on_tablet and permission not in ON_A_TABLET:
            return False
        return self.role is None or permission in permissions_of(self.role)

    def sees_group(self, group_id: int) -> bool:
        return self.group_ids is None or group_id in self.group_ids
