"""Every sentence of the notice to the person concerned, by language (R54, R75).

A further language is a further entry of `NOTICES` with the same parts and the same names in braces;
a test compares them. Rights are translated by people: a language is here when somebody has done so.
The words are the same for everybody but for the places and the day, so that nothing can be read
from what a notice does not say.
"""

from collections.abc import Mapping
from enum import StrEnum


class Language(StrEnum):
    """Languages in which there is a notice, by their ISO 639-1 code."""

    ENGLISH = "en"


class Part(StrEnum):
    """Parts of a notice; the first five say what is proposed, of which a notice has one."""

    MOVE = "move"
    FIRST_CELL = "first_cell"
    STAY = "stay"
    NO_CELL = "no_cell"
    NO_CELL_NOW_IN = "no_cell_now_in"
    NOT_DECIDED = "not_decided"
    GROUNDS = "grounds"
    BE_HEARD = "be_heard"
    COMPLAIN = "complain"
    PROGRAM = "program"
    SIGNATURE = "signature"


PROPOSALS = (Part.MOVE, Part.FIRST_CELL, Part.STAY, Part.NO_CELL, Part.NO_CELL_NOW_IN)
RIGHTS = (
    Part.NOT_DECIDED,
    Part.BE_HEARD,
    Part.COMPLAIN,
    Part.GROUNDS,
    Part.PROGRAM,
    Part.SIGNATURE,
)
NOTICES: Mapping[Language, Mapping[Part, str]] = {
    Language.ENGLISH: {
        Part.MOVE: (
            "It is proposed that you move from cell {from_cell} to cell {cell}, {landing}, {wing}, "
            "on {day} or later."
        ),
        Part.FIRST_CELL: (
            "It is proposed that you are housed in cell {cell}, {landing}, {wing}, on {day} or "
            "later."
        ),
        Part.STAY: "It is proposed that you stay in cell {cell}, {landing}, {wing}.",
        Part.NO_CELL: (
            "There is no cell for you in the proposal of {day} yet. Staff will decide and tell you."
        ),
        Part.NO_CELL_NOW_IN: (
            "There is no other cell for you in the proposal of {day}. You stay in cell "
            "{from_cell} until staff decide and tell you."
        ),
        Part.NOT_DECIDED: (
            "Nothing is decided yet. A named member of staff looks at the proposal, can decide "
            "otherwise, and signs. Until then nobody moves you because of it."
        ),
        Part.BE_HEARD: (
            "You can be heard before it is decided: say to the staff of your landing what you "
            "think of it, with whom you would like to share, and what the staff should know. It "
            "is written down and read by whoever decides. Ask for this text in a language that "
            "you understand, or to have it read to you."
        ),
        Part.COMPLAIN: (
            "You can complain about it, before and after the decision, to the prison and to the "
            "authorities outside it, and get help with that. A complaint has no disadvantage for "
            "you. While it is open you are not moved because of this proposal, unless you cannot "
            "lawfully stay where you are."
        ),
        Part.GROUNDS: (
            "The proposal rests on the law, on the places that are free, and on what is recorded "
            "for the safety and the care of everybody. This notice has the same words for "
            "everyone, so that nothing about you or about others can be read from it."
        ),
        Part.PROGRAM: (
            "It was made with the help of a computer program. The program proposes; people decide."
        ),
        Part.SIGNATURE: "Given by: ____________________  Role: ____________________  On: ________",
    },
}
