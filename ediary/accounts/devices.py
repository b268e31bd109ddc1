"""Devices somebody has logged in on: wrong tries made elsewhere never delay the owner there.

After a right log-in the browser keeps a signed cookie that says on whose devices it counts (OWASP, device cookies). It
opens nothing: who has it only gets a count of tries of their own, as strict as everybody's.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from ediary.accounts import rules
from ediary.accounts.attempts import Counter

NAME = "ediary-device"
LASTS = timedelta(days=365)
#: people who share a computer; the one who came in longest ago goes first
MOST = 20


@dataclass(frozen=True)
class Device:
    """A browser and the people who have logged in on it."""

    id: str
    user_ids: tuple[int, ...] = ()

    def knows(self, user_id: int) -> bool:
        return user_id in self.user_ids

    def counter(self, user_id: int) -> Counter:
        """Under which the person's tries on this device count."""
        return Counter(f"device:{self.id}:{user_id}", rules.FREE_OF_LOGIN)

    def knowing(self, user_id: int) -> Device:
        """The same device, after this person has logged in on it."""
        others = tuple(one for one in self.user_ids if one != user_id)
        return Device(self.id, (*others, user_id)[-MOST:])


def new() -> Device:
    return Device(secrets.token_urlsafe(12))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="device")


def signed(device: Device) -> str:
    """As the cookie holds it."""
    return _signer().dumps([device.id, *device.user_ids])


def read(value: str | None) -> Device:
    """The device of a cookie; a new one for none, a forged or an old one."""
    if not value:
        return new()
    try:
        device_id, *user_ids = _signer().loads(value, max_age=round(LASTS.total_seconds()))
    except BadData:
        return new()
    return Device(device_id, tuple(user_ids))
