"""Help about children and their families."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ediary.help.topic import Ask, Topic

TOPICS = (
    Topic(
        "children",
        _l("Lists of children"),
        _l("Who comes, who will come, who has no group and who has left."),
        how=(
            (_l("Find a child"), _l("Write a part of the name, Lithuanian letters or not.")),
            (_l("Open the card"), _l("Choose the name.")),
            (_l("Enter a child"), _l("Press „Įrašyti vaiką“. Many at once come with a list.")),
        ),
        words=((_l("Without a group"), _l("has not left, but has no place.")),),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "card",
        _l("A child's card"),
        _l("Family, who may collect, meals, consents, documents."),
        how=(
            (_l("Change something"), _l("Press „Keisti“ in its part, then „Įrašyti“. The administrator is told.")),
            (_l("Change meals"), _l("Choose from which day; today only until the kitchen locks.")),
            (_l("See health data or codes"), _l("Press to open; that you opened it is on record.")),
        ),
        words=((_l("Consent"), _l("what the parents answered, and when.")),),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "new-child",
        _l("A new child"),
        _l("The first data of a child that begins to come."),
        how=(
            (_l("Enter"), _l("Name, birth date, group and first day are enough.")),
            (_l("Add a parent"), _l("At once, or later on the card.")),
            (_l("The same child is there already"), _l("Look whether it is the same one before you enter another.")),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "birthdays",
        _l("Birthdays"),
        _l("Whom to wish well this week: day and month only."),
        how=(
            (_l("See another week"), _l("Use the arrows.")),
            (_l("A child is missing"), _l("Its parents have not agreed, or were not asked.")),
            (_l("Write their answer"), _l("On the child's card, under „Sutikimai“.")),
        ),
        ask=Ask.EDUCATORS,
    ),
    Topic(
        "access",
        _l("Parents without access"),
        _l("Children none of whose parents has come in yet."),
        how=(
            (_l("Help a parent come in"), _l("Print a slip and hand it over.")),
            (_l("No parent is entered"), _l("Add one on the child's card.")),
            (_l("Access is made but not used"), _l("Ask whether the slip was lost; a new one may be printed.")),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "payers",
        _l("Payers' codes"),
        _l("By this code accounting knows the child. Newcomers get it by 15 September."),
        how=(
            (_l("Write a code"), _l("Type it in the child's row and press „Įrašyti“.")),
            (_l("See all children"), _l("Choose „Visi vaikai“.")),
            (_l("Another child has the code"), _l("Look at both; a code is one child's only.")),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "leaving",
        _l("Children who leave or are away"),
        _l("Departures and leave by the director's order."),
        how=(
            (_l("Write that a child leaves"), _l("On the child's card press „Išvyksta“: last day, reason, order.")),
            (_l("Hospital or sanatorium"), _l("On the card press „Išvyksta laikinai“.")),
            (_l("The child stays after all"), _l("Open the departure and press „Vaikas vis dėlto lieka“.")),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "shared",
        _l("The shared list"),
        _l("Children that other kindergartens of this diary hand over."),
        how=(
            (_l("Take a child in"), _l("Type the family's code, choose the group and the first day.")),
            (_l("The code does not fit"), _l("Ask the family to show the letter again.")),
            (_l("What comes along"), _l("Card, parents and what must not be eaten. Ask consents anew.")),
        ),
        words=((_l("Family's code"), _l("stands on the letter from the former kindergarten.")),),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "family",
        _l("My children"),
        _l("What the kindergarten has written down about your children."),
        how=(
            (_l("Look whether all is right"), _l("Who may collect the child, the telephones, your consents.")),
            (_l("Something is wrong"), _l("Tell the group's educators: they put it right.")),
            (_l("A child in another kindergarten"), _l("Press your name and choose the other one.")),
        ),
        words=((_l("A copy"), _l("all data of your child as a file.")),),
        ask=Ask.EDUCATORS,
    ),
)
