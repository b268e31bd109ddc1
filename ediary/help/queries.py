"""The help of a page, and the index of what helps this role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from ediary.accounts.queries import holders
from ediary.core import clock
from ediary.core.errors import NotFound
from ediary.core.people import role_name
from ediary.core.permissions import Permission, Role
from ediary.help.topic import Ask, Topic
from ediary.help.topics import ASKED_OFTEN, TOPICS, topic_of


@dataclass(frozen=True)
class TopicPage:
    """A topic, and whom to ask by name."""

    topic: Topic
    ask: str
    names: list[str]


@dataclass(frozen=True)
class HelpPage:
    """The topics whose pages this role may open, and what is asked most often."""

    topics: list[Topic]
    asked: list[tuple[Any, Any]]


def topic_page(key: str) -> TopicPage:
    """One topic. Raises NotFound. At most one statement."""
    topic = TOPICS.get(key)
    if topic is None:
        raise NotFound
    if topic.ask is Ask.EDUCATORS:
        return TopicPage(topic, _("the group's educators"), [])
    role = Role(topic.ask.value)
    return TopicPage(topic, role_name(role, ""), holders(role, clock.today()))


def help_page(permissions: frozenset[Permission]) -> HelpPage:
    """The index for these permissions. No statement."""
    opened = _opened(permissions)
    asked = [(question, answer) for question, answer, needed in ASKED_OFTEN if needed is None or needed in permissions]
    return HelpPage([topic for key, topic in TOPICS.items() if key in opened], asked)


def _opened(permissions: Iterable[Permission]) -> set[str]:
    """Topics of pages that one of these permissions opens."""
    allowed = set(permissions)
    return {
        key
        for rule in current_app.url_map.iter_rules()
        if (key := topic_of(rule.endpoint)) and "GET" in (rule.methods or ())
        if getattr(current_app.view_functions[rule.endpoint], "required_permission", None) in allowed
    }
