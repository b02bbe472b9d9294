"""Every error that this program raises on purpose.

::

    AllocatorError            permanent code, message for a user, message for a developer
    ├── ScenarioError         the data is wrong: which file, row, column, value; exit code 3
    │   ├── PlanError             the same, of a plan document
    │   └── AttributesError       the same, of the attributes for a fairness audit
    ├── ConfigError           an option, profile or policy is wrong: exit code 2
    ├── JobError              a solve in a child process ended without an answer: exit code 1
    └── InternalError         our own fault: a plan failed its own verification: exit code 1
"""

from dataclasses import dataclass


class AllocatorError(Exception):
    """Base of the tree; `code` is permanent and never reused."""

    code = "allocator_error"

    def __init__(self, user_message: str, developer_message: str = "") -> None:
        super().__init__(user_message)
        self.user_message = user_message
        self.developer_message = developer_message or user_message


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with the data, worded so that the reader can mend it.

    Parameters
    ----------
    file, row, column : where; `row` counts as a spreadsheet does (the header is row 1),
        None when the problem concerns the whole file.
    found : the value found, shortened; allowed : what is allowed; action : what to do.
    sheet : the sheet of a workbook that holds a whole scenario.
    pointer : JSON pointer (RFC 6901) to the value in the document, or in the document that the
        tables make; to what should hold it where there is none. None without a document.
    """

    file: str
    row: int | None
    column: str | None
    code: str
    found: str
    allowed: str
    action: str
    sheet: str | None = None
    pointer: str | None = None

    def __str__(self) -> str:
        place = self.file
        if self.sheet:
            place += f", sheet {self.sheet}"
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: found {self.found}; allowed: {self.allowed}. {self.action}"


class ScenarioError(AllocatorError):
    """The scenario's data cannot be used; `problems` lists everything that is wrong with it."""

    code = "scenario_invalid"
    subject = "The scenario"
    posted_at: str | None = None
    """JSON pointer to the document in a request's body; None where none was sent."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        lines = "\n".join(f"  {problem}" for problem in problems)
        count = len(problems)
        noun = "problem" if count == 1 else "problems"
        super().__init__(f"{self.subject} has {count} {noun}; nothing was written.\n{lines}")
        self.problems = problems


class PlanError(ScenarioError):
    """A plan document cannot be used; the scenario may be right."""

    code = "plan_invalid"
    subject = "The plan"


class AttributesError(ScenarioError):
    """The attributes of a fairness audit cannot be used; they belong to no scenario."""

    code = "attributes_invalid"
    subject = "The file of attributes"


class ConfigError(AllocatorError):
    """An option, a legal profile, a policy or a contact-weight set is wrong."""

    code = "config_invalid"


class JobError(AllocatorError):
    """A job in a child process died or was stopped before it had an answer."""

    code = "job_failed"


class InternalError(AllocatorError):
    """Our own fault, such as a plan whose recomputed value differs from the solver's."""

    code = "internal_error"
