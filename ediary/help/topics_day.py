"""Help about the day, the month, the calendar and the kitchen."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ediary.help.topic import Ask, Topic

TOPICS = (
    Topic(
        "attendance",
        _l("The group's day"),
        _l("Here you mark who came today; the kitchen cooks by it."),
        how=(
            (_l("A child is absent"), _l("Tap the name. Tap again to take it back. The reason is one more tap.")),
            (_l("All the others came"), _l("Press „Visi likę atvyko“, then „Pateikti“.")),
            (
                _l("The day is locked, but a child came later"),
                _l("Press „Prašyti pataisos“ beside the child: the kitchen answers."),
            ),
        ),
        words=((_l("Announced"), _l("the parents told beforehand: nothing is cooked for the child.")),),
        ask=Ask.DIETITIAN,
    ),
    Topic(
        "announcements",
        _l("Announced absences"),
        _l("What the parents tell beforehand is written here, so that nothing is cooked in vain."),
        how=(
            (_l("Write one down"), _l("Choose the child, the days and who told; then „Įrašyti“.")),
            (_l("The last day is not known"), _l("Leave it empty: it holds until you hear more.")),
            (_l("The child comes back sooner"), _l("Press „Grįžta anksčiau“ and choose the day.")),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "paper",
        _l("A day without the diary"),
        _l("No network or no power: the day is written on paper and entered later with the cause."),
        how=(
            (_l("Have sheets ready"), _l("Print them beforehand, with names or without, and keep them in the group.")),
            (
                _l("Enter a paper"),
                _l("From the group's day: „Popieriuje“, the cause, each child, „Įvesti ir pateikti“."),
            ),
            (_l("The day is locked"), _l("Say the cause: the director or the deputy opens it, you are told.")),
        ),
        ask=Ask.DEPUTY,
    ),
    Topic(
        "kitchen",
        _l("The kitchen's board"),
        _l("Who eats today, what is missing, and how much to cook."),
        how=(
            (_l("See who has not submitted"), _l("Look at the tiles: each group says how far it is.")),
            (_l("Print for the cook"), _l("Open „Virtuvės lapas“ or the day's report.")),
            (_l("A child came after the lock"), _l("Accept the request: it becomes a numbered correction.")),
        ),
        words=((_l("Forecast"), _l("orders less announced absences, until the group submits.")),),
        ask=Ask.DIRECTOR,
    ),
    Topic(
        "lock",
        _l("Locking and unlocking the day"),
        _l("Locking fixes the portions; unlocking lets one group mark again."),
        how=(
            (_l("Lock"), _l("Press „Užrakinti“. If a group has not submitted, say why: its forecast stands in.")),
            (_l("Unlock for a group"), _l("Choose the groups, for how long and why.")),
            (_l("Correct one child only"), _l("A correction is enough; no unlocking is needed.")),
        ),
        words=((_l("Correction"), _l("a numbered change of the locked day.")),),
        ask=Ask.DIRECTOR,
    ),
    Topic(
        "months",
        _l("The month's sheets"),
        _l("All groups of a month: how far each sheet is."),
        how=(
            (_l("Check or return"), _l("Open the group: press „Patikrinta“, or return it with a remark.")),
            (_l("Lock the month"), _l("The heads tick the groups and press „Užrakinti“.")),
            (_l("Print all in one"), _l("When every group is checked; each print stays as it was.")),
        ),
        words=((_l("Locked month"), _l("no mark and no reason changes any more.")),),
        ask=Ask.SOCIAL_PEDAGOGUE,
    ),
    Topic(
        "papers",
        _l("Papers for absences"),
        _l("What each absence still lacks, and until when; the papers that came in."),
        how=(
            (
                _l("Enter a paper"),
                _l("Press “Enter” beside the child: the days are filled in. Dates only, never an illness."),
            ),
            (_l("The parents called and it was not announced"), _l("Enter the call as a paper, with its hour.")),
            (_l("A paper is wrong"), _l("Strike it out with a word why, and enter the right one.")),
        ),
        words=(
            (_l("Late"), _l("the term is over: the days count as unjustified.")),
            (_l("Term"), _l("set for each reason under Settings, Reasons of absence.")),
        ),
        ask=Ask.SOCIAL_PEDAGOGUE,
    ),
    Topic(
        "sheet",
        _l("A group's month sheet"),
        _l("Children and days: who came, and why not."),
        how=(
            (_l("Give a reason"), _l("Choose cells, a row or a column, then the reason.")),
            (_l("Submit the month"), _l("On its last working day: mend what is listed, press „Pateikti mėnesį“.")),
            (_l("Print"), _l("Until the month is checked a print is a draft and says so.")),
        ),
        words=(
            (_l("Hatched days"), _l("no working days.")),
            (_l("Letter in brackets"), _l("the reason does not hold; hold the pointer over it to read why.")),
            (_l("Star"), _l("a paper is awaited.")),
        ),
        ask=Ask.SOCIAL_PEDAGOGUE,
    ),
    Topic(
        "acts",
        _l("Unlocks and acts of data change"),
        _l("What is open although it was locked, and what was mended in it."),
        how=(
            (_l("Close what is open"), _l("Press „Uždaryti“; at the end of the term it closes by itself.")),
            (_l("Write an act"), _l("Whoever erred says how it came about. The deputy may appoint another.")),
            (_l("Register an act"), _l("The secretary or the deputy enters its number; it joins the documents.")),
        ),
        words=((_l("Act of data change"), _l("a numbered paper: wrong value, right value, who, when, why.")),),
        ask=Ask.DEPUTY,
    ),
    Topic(
        "calendar",
        _l("The calendar"),
        _l("Working days, holidays and closures. All counting follows it."),
        how=(
            (
                _l("Close the house or some groups"),
                _l("„Įrašyti uždarymą“: the days, the reason; first you see what changes."),
            ),
            (_l("Work on a day off"), _l("Enter it as an extra working day, tomorrow at the earliest.")),
            (_l("Lengthen the calendar"), _l("Press „Pratęsti“; stored days do not change.")),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "deadlines",
        _l("Deadlines"),
        _l("Until when the day is marked and locked, and the month handed in."),
        how=(
            (_l("Change one"), _l("Open „Keisti nuo pasirinktos dienos“; tomorrow at the earliest.")),
            (_l("Take back a planned change"), _l("Press „Atšaukti“ beside it before it begins.")),
            (_l("See the nearest months"), _l("The table shows each month's dates.")),
        ),
        words=((_l("D. d."), _l("a working day of the next month.")),),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "reasons",
        _l("Reasons of absence"),
        _l("What may be said of an absent child, and what it does to the bill."),
        how=(
            (_l("Add one"), _l("Give its letter, its name and what is not paid for.")),
            (
                _l("Change one, or stop giving it"),
                _l("Choose the day the change begins on, or the last day; earlier marks keep their meaning."),
            ),
            (
                _l("Say what it asks for"),
                _l("A paper and its term, a call, days on end, a season. The page says the rule back in a sentence."),
            ),
        ),
        words=((_l("Letter"), _l("stands in the month sheet.")),),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "meals",
        _l("Meals and diets"),
        _l("What the kitchen serves, in what order and from when until when."),
        how=(
            (_l("Add"), _l("„Pridėti maitinimą“ or „Pridėti dietą“: name and first day.")),
            (_l("Call it otherwise"), _l("„Keisti“; the children go on eating it.")),
            (_l("Stop serving it"), _l("Say the last day; change the children's cards before.")),
        ),
        words=((_l("Diet"), _l("a way of cooking apart from the common table.")),),
        ask=Ask.ADMINISTRATOR,
    ),
)
