"""Every topic, and which page each helps with. A page without one fails the tests."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ediary.core.permissions import Permission
from ediary.help import topics_children, topics_day, topics_house, topics_people
from ediary.help.topic import Topic

#: key -> topic, in the order of the index
TOPICS: dict[str, Topic] = {
    topic.key: topic
    for topics in (topics_house.TOPICS[-3:], topics_day.TOPICS, topics_children.TOPICS, topics_people.TOPICS)
    for topic in topics
} | {topic.key: topic for topic in topics_house.TOPICS[:-3]}

#: topic -> the pages it helps with: whole areas, and single pages that stand out of theirs
_AREAS: dict[str, str] = {
    "absences": "reasons",
    "acts": "acts",
    "analysis": "analysis",
    "attendance": "attendance",
    "cards": "card",
    "children": "children",
    "copies": "copies",
    "documents": "documents",
    "groups": "groups",
    "handovers": "substitutes",
    "history": "history",
    "home": "home",
    "kitchen": "kitchen",
    "meals": "meals",
    "notices": "notices",
    "papers": "papers",
    "outages": "paper",
    "people": "people",
    "registers": "registers",
    "settings": "settings",
    "sheets": "sheet",
    "slips": "slips",
    "statistics": "statistics",
    "supervision": "watching",
    "tablets": "tablets",
    "transfers": "leaving",
    "workdays": "calendar",
    "years": "year",
    "accounts": "account",
}
_PAGES: dict[str, str] = {
    "accounts.accepted_pledges": "pledge",
    "accounts.entry_rules": "entering",
    "accounts.pledge": "pledge",
    "accounts.pledge_text": "pledge",
    "attendance.announcements": "announcements",
    "cards.new": "new-child",
    "cards.payer_codes": "payers",
    "children.birthdays": "birthdays",
    "children.no_access": "access",
    "children.this_week": "birthdays",
    "groups.guest": "guests",
    "groups.merged": "guests",
    "groups.new_merge": "guests",
    "groups.new_visit": "guests",
    "handovers.card": "handover",
    "handovers.check": "leavers",
    "handovers.leaver": "leavers",
    "handovers.leavers_list": "leavers",
    "handovers.month_hours": "hours",
    "handovers.work": "hours",
    "home.children": "family",
    "kitchen.lock_form": "lock",
    "kitchen.unlock_form": "lock",
    "settings.edit_form": "institution",
    "settings.institution": "institution",
    "sheets.month": "months",
    "supervision.new_remark": "remarks",
    "supervision.remark": "remarks",
    "supervision.remarks_list": "remarks",
    "transfers.offers": "shared",
    "transfers.take": "shared",
    "transfers.arrived": "shared",
    "workdays.deadlines": "deadlines",
}


def topic_of(endpoint: str | None) -> str | None:
    """The key of the topic that helps with a page; none for what is no page of ours, and for the help itself."""
    if endpoint is None:
        return None
    return _PAGES.get(endpoint) or _AREAS.get(endpoint.partition(".")[0])


#: what is asked most often: question, answer, and who may do it (None = everybody)
ASKED_OFTEN = (
    (
        _l("I have forgotten my password"),
        _l("Ask for a new slip: educators print them for parents, the administrator for everybody."),
        None,
    ),
    (
        _l("A button says “not saved”"),
        _l("The network was away. Press “Try again” when it is back: what you tapped is not lost."),
        None,
    ),
    (
        _l("I do not see my group"),
        _l("It opens on the day the director's order names. If that day has come, tell the administrator."),
        Permission.GROUP_READ,
    ),
    (
        _l("I marked the wrong child"),
        _l("Tap the name again: the mark is taken back. After the lock ask the kitchen for a correction."),
        Permission.ATTENDANCE_WRITE,
    ),
    (
        _l("The month is locked, but there is a mistake"),
        _l("Only with the director's permission: tell the deputy what is wrong and on which day."),
        Permission.SHEET_READ,
    ),
    (
        _l("Somebody else changed the page meanwhile"),
        _l("Nothing of yours was written over theirs. Look at it as it is now and try once more."),
        None,
    ),
    (
        _l("I work in two kindergartens, or in two roles"),
        _l("Press your name and choose the other: no logging out is needed."),
        None,
    ),
    (
        _l("The child's card has a mistake"),
        _l("Educators put it right on the card; parents tell the educators."),
        None,
    ),
)
