"""What a session's row keeps of its cookie's token, and what kind of device holds it."""

from __future__ import annotations

import hashlib


def hash_token(token: str) -> str:
    """The token itself is only in the cookie."""
    return hashlib.sha256(token.encode()).hexdigest()


def device_kind(user_agent: str) -> str:
    """tablet, phone or desktop, told from what the browser says of itself; for the history, decides nothing."""
    agent = user_agent.lower()
    if "ipad" in agent or "tablet" in agent or ("android" in agent and "mobile" not in agent):
        return "tablet"
    if "mobile" in agent or "iphone" in agent:
        return "phone"
    return "desktop"
