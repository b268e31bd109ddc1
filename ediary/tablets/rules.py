"""How long things of a shared tablet last. Pure."""

from __future__ import annotations

from datetime import timedelta

#: a code for pairing lies open on the administrator's screen: it is typed at once or made anew
CODE_LASTS = timedelta(minutes=30)
#: a tablet is paired once; its cookie outlasts a school year
COOKIE_LASTS = timedelta(days=400)
#: tries at pairing codes from one address that cost nothing
FREE_TRIES = 10
