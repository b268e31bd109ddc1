"""Help about groups and who works in them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ediary.help.topic import Ask, Topic

TOPICS = (
    Topic(
        "groups",
        _l("Groups"),
        _l("The groups of a school year: who is in them and who works there."),
        how=(
            (_l("Make a group"), _l("Press „Nauja grupė“.")),
            (
                _l("Assign an educator"),
                _l("Open the group, „Priskirti“: person, first day, order. Access begins that day."),
            ),
            (_l("Change a group"), _l("Open it and press „Taisyti“ or „Keisti“.")),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "guests",
        _l("Guests and merged groups"),
        _l("Children are in another group for some days: in summer, or when few come."),
        how=(
            (_l("Send guests"), _l("Choose the children, the group and the days.")),
            (_l("Merge groups"), _l("„Jungti su kita grupe“: all children go together.")),
            (_l("Bring them back sooner"), _l("Change the last day, or press „Atskirti šiandien“.")),
        ),
        words=((_l("Guest"), _l("is marked and eats where it is that day.")),),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "year",
        _l("The turn of the school year"),
        _l("Next year's groups out of this year's, with their children and educators."),
        how=(
            (_l("Make the groups"), _l("Tick and name them.")),
            (_l("Move the children"), _l("Say for each group, or each child, where it goes.")),
            (_l("Take it back"), _l("Until the year begins press „Grąžinti, kaip buvo“.")),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "substitutes",
        _l("Substitutes"),
        _l("Who stands in for whom, and until when."),
        how=(
            (_l("Appoint a substitute"), _l("Person, days and order. Access opens and ends by itself.")),
            (_l("End it sooner"), _l("Open it and change the last day.")),
            (_l("Prepare the newcomer"), _l("Print the handover card from the group's day.")),
        ),
        ask=Ask.DEPUTY,
    ),
    Topic(
        "hours",
        _l("Hours worked"),
        _l("Planned hours of a month, corrected where it was otherwise."),
        how=(
            (_l("Correct a day"), _l("Open the person and write the hours; 0:00 = did not work.")),
            (_l("Print"), _l("As a PDF or a spreadsheet.")),
            (_l("Nothing is planned"), _l("Write the hours a day at the group's assignment.")),
        ),
        ask=Ask.DEPUTY,
    ),
    Topic(
        "leavers",
        _l("Leavers' records"),
        _l("What somebody who leaves has kept is checked and handed over."),
        how=(
            (_l("See what is missing"), _l("Choose who leaves and the last day.")),
            (_l("Hand over"), _l("Name the successor, tick that you checked, press „Perduoti“.")),
            (_l("Print the act"), _l("After handing over press „Spausdinti aktą“.")),
        ),
        ask=Ask.DEPUTY,
    ),
    Topic(
        "handover",
        _l("The handover card"),
        _l("One page for who takes the group today."),
        how=(
            (_l("Read it"), _l("Who is absent, diets, who may collect.")),
            (_l("Leave a word"), _l("Write the day's note for the next one.")),
            (_l("Print"), _l("Put it away after the day: it holds children's data.")),
        ),
        ask=Ask.DEPUTY,
    ),
    Topic(
        "people",
        _l("Employees"),
        _l("Who works here, in which role, and who can come in."),
        how=(
            (_l("Enter somebody"), _l("A name and an e-mail address are enough.")),
            (_l("Give a role"), _l("On the person's page. With the first role comes the log-in.")),
            (_l("Somebody leaves"), _l("End the work: roles and groups end with it, what was written stays.")),
        ),
        words=((_l("Role"), _l("what a person may do in the diary.")),),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "slips",
        _l("Slips"),
        _l("A paper by which a person comes in for the first time."),
        how=(
            (_l("Print"), _l("Tick the people and press „Spausdinti pažymėtus lapelius“.")),
            (_l("The password is lost"), _l("Print a new slip: the old password and all sessions end.")),
            (_l("Hand it over"), _l("To the person alone; it opens once, within 14 days.")),
        ),
        words=(
            (
                _l("„uždaryta čia“"),
                _l("Another kindergarten replaced the password: speak to the person, then press „Vėl atverti“."),
            ),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "tablets",
        _l("Shared tablets"),
        _l("A tablet that shows its group's day only."),
        how=(
            (_l("Pair one"), _l("Make a code here and type it on the tablet within half an hour.")),
            (_l("Show another group"), _l("Tick the groups and press „Rodyti šias grupes“.")),
            (_l("It is lost"), _l("End it here: it shows nothing more.")),
        ),
        words=((_l("PIN"), _l("a short number by which one says who marks.")),),
        ask=Ask.ADMINISTRATOR,
    ),
)
