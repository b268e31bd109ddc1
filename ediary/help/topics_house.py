"""Help about the kindergarten itself, and about what is one's own."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from ediary.help.topic import Ask, Topic

TOPICS = (
    Topic(
        "settings",
        _l("Settings"),
        _l("What differs between kindergartens. A change never changes yesterday."),
        how=(
            (_l("Change one"), _l("Open its tile, choose the day it begins on.")),
            (_l("See what is planned"), _l("The tile says from which day another holds.")),
            (_l("See what was before"), _l("At the bottom of each page.")),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "history",
        _l("History"),
        _l("Every change: what was, what is, who, when, in which role and from what device. Nobody can remove it."),
        how=(
            (_l("See what was changed in a record"), _l("Press “History” on its page.")),
            (_l("See what a person changed"), _l("Choose the person and the days.")),
            (_l("Check a printed paper"), _l("Scan its code or type the digits at its bottom.")),
        ),
        words=(
            (_l("Covered"), _l("health data and codes: who opens them is written down first.")),
            (_l("Seal"), _l("a number and digits that prove the history up to a moment.")),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "institution",
        _l("About the kindergarten"),
        _l("Address, telephone and who leads: papers and parents see it."),
        how=(
            (_l("Change contacts"), _l("Press „Keisti“.")),
            (_l("A new director or deputy"), _l("Give the role on the employee's page, by order.")),
            (_l("The name changes"), _l("Tell whoever runs the server.")),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "entering",
        _l("How one comes in"),
        _l("For each role: is a second step asked, and when an idle session ends."),
        how=(
            (_l("Ask a second step"), _l("Tick it for the role and choose the day.")),
            (_l("Shorten idle time"), _l("Write the minutes; tablets and desks differ.")),
            (_l("Take back a plan"), _l("Press „Atšaukti“ before it begins.")),
        ),
        words=((_l("Second step"), _l("a code from one's telephone.")),),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "pledge",
        _l("Confidentiality pledge"),
        _l("Everybody who works here reads and accepts it before the first entry."),
        how=(
            (_l("Accept it"), _l("Read to the end and press the button; the text you accepted is kept.")),
            (_l("Change the text"), _l("From a day on; then all accept it anew.")),
            (_l("Print"), _l("One's own or all accepted ones.")),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "documents",
        _l("Orders and documents"),
        _l("Numbered documents with their files, and what they order."),
        how=(
            (_l("Enter one"), _l("Number, day, what it is about; the file may come later.")),
            (_l("Complete an order"), _l("Some are known by number only: write their title.")),
            (_l("See what it orders"), _l("Open the document.")),
        ),
        ask=Ask.SECRETARY,
    ),
    Topic(
        "registers",
        _l("Lists and registers"),
        _l("Lists come in from a file and are compared with the registers until equal."),
        how=(
            (_l("Bring a list in"), _l("Send the file, look at the columns, the faults, then write it.")),
            (_l("Take it back"), _l("One click, while nothing depends on it.")),
            (_l("Compare again"), _l("Any day; the report prints as a PDF.")),
        ),
        words=((_l("Doubtful"), _l("perhaps the same person: you decide.")),),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "analysis",
        _l("Analysis of attendance"),
        _l("Which children miss long, often or without a justification, by month and group."),
        how=(
            (_l("Ask for other months"), _l("Choose from and until, a group, from when on a child stands out.")),
            (_l("Give it to the commission"), _l("Press the PDF: it has the lines to sign on.")),
            (_l("Count further"), _l("Take the spreadsheet.")),
        ),
        words=((_l("Run"), _l("working days missed one after another.")),),
        ask=Ask.SOCIAL_PEDAGOGUE,
    ),
    Topic(
        "watching",
        _l("Watching over the filling-in"),
        _l("Who has marked, handed in, given reasons; how often late; what was checked."),
        how=(
            (_l("See what is missing"), _l("Each number leads to the group's day or month.")),
            (_l("Put a check on record"), _l("Press „Patikrinti“ in the line, at least once a month.")),
            (_l("Write a remark"), _l("From any group's day, sheet or child's card: the sign at the top.")),
        ),
        words=((_l("Late"), _l("handed in after the hour set for marking.")),),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "remarks",
        _l("Remarks"),
        _l("What a head remarks to one person about a record; nobody else sees it."),
        how=(
            (_l("Answer one"), _l("Open it and write what you did.")),
            (_l("See what it is about"), _l("Follow the link above the text.")),
            (_l("Close it"), _l("Only the one who wrote it: heeded or not.")),
        ),
        ask=Ask.DEPUTY,
    ),
    Topic(
        "statistics",
        _l("Log-in statistics"),
        _l("How many people come in, by role and by group."),
        how=(
            (_l("See another month"), _l("Use the arrows.")),
            (_l("Whose parents do not come in"), _l("Look at the group's line; slips help.")),
            (_l("Take it into a spreadsheet"), _l("Download the XLSX file.")),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "copies",
        _l("Copies of data"),
        _l("All that is kept of a person, at their request."),
        how=(
            (_l("Make one"), _l("Find the person, write who asked and on what ground.")),
            (_l("Codes and health"), _l("Only when ticked; their opening is on record.")),
            (_l("PDF or ZIP"), _l("PDF to read; ZIP has tables and documents too.")),
        ),
        ask=Ask.DIRECTOR,
    ),
    Topic(
        "home",
        _l("Where the day begins"),
        _l("What is new and what waits for you, the most urgent first."),
        how=(
            (_l("Go on"), _l("Each line leads to where it is seen to.")),
            (_l("Find something else"), _l("Open „Daugiau“: all that your role opens.")),
            (_l("Change role"), _l("Press your name and choose another.")),
        ),
        words=((_l("First steps"), _l("what a new kindergarten still needs.")),),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "notices",
        _l("Notices"),
        _l("What the diary tells you by itself."),
        how=(
            (_l("Open one"), _l("It leads to the page it is about and is read.")),
            (_l("Mark all as read"), _l("Press the button under the list.")),
            (_l("None comes"), _l("Nothing has changed that is yours to know.")),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
    Topic(
        "account",
        _l("My account"),
        _l("Your password, PIN, second step and where you are logged in."),
        how=(
            (_l("Change the password"), _l("Long and your own is good; riddles are not needed.")),
            (_l("Log out elsewhere"), _l("End the session you do not know.")),
            (_l("Take your data"), _l("„Daugiau“, „Mano duomenys“.")),
        ),
        ask=Ask.ADMINISTRATOR,
    ),
)
