"""A browser without scripts: opens pages, reads their forms, fills them in and sends them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from fastapi.testclient import TestClient
from httpx2 import Response

ACCEPT = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
TYPE = "application/x-www-form-urlencoded"
VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
Values = Mapping[str, str | list[str]]


@dataclass
class Form:
    """A form as a browser knows it: where it goes, what is in it already, what may be chosen."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return self.action.rpartition("/")[2]


class Page(HTMLParser):
    """Forms, links, and the words that a reader sees."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.status, self.headers = answer.status_code, answer.headers
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._words: list[str] = []
        self._open: list[str] = []
        self._select = ""
        self.feed(answer.text)
        assert self._open == [], self._open

    @property
    def words(self) -> str:
        return " ".join(" ".join(self._words).split())

    def named(self, name: str) -> list[Form]:
        return [form for form in self.forms if form.name == name]

    def form(self, name: str, holding: str = "") -> Form:
        """The one form of a name that has a hidden value, or may choose it."""
        found = [
            form
            for form in self.named(name)
            if not holding
            or holding in form.hidden.values()
            or any(holding in options for options in form.choices.values())
        ]
        assert len(found) == 1, (name, holding, [form.action for form in self.forms])
        return found[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        if tag not in VOID:
            self._open.append(tag)
        if tag == "form":
            self.forms.append(Form(found.get("action", "")))
            assert found.get("method") == "post" or "data-path" in found or found["id"] == "free"
        if tag == "a":
            self.links.append(found["href"])
        if tag == "option" and found.get("value"):
            self.forms[-1].choices[self._select].append(found["value"])
        if tag in {"input", "select", "textarea"}:
            self._field(tag, found)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] not in {"script", "style", "title"}:
            self._words.append(data)

    def _field(self, tag: str, found: dict[str, str]) -> None:
        form, name = self.forms[-1], found["name"]
        if found.get("type") == "hidden":
            form.hidden[name] = found["value"]
            return
        form.required |= {name} if "required" in found else set()
        if tag == "select":
            self._select = name
            form.choices[name] = []
        elif found.get("type") in {"checkbox", "radio"}:
            form.choices.setdefault(name, []).append(found["value"])
        else:
            form.choices[name] = []


class Browser:
    """One person at a browser, who signs in by the form of the first page."""

    def __init__(self, client: TestClient, name: str, password: str) -> None:
        self.client = client
        client.follow_redirects = False
        page = self.open("/")
        answer = self.send(page.form("session"), name=name, password=password)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")

    def open(self, address: str) -> Page:
        return Page(self.client.get(address, headers=ACCEPT))

    def send(self, form: Form, **values: str | list[str]) -> Response:
        """Send a form as a browser does; what must be filled in is, and choices are real ones."""
        assert form.required <= values.keys(), (form, values)
        for name, value in values.items():
            options = form.choices[name]
            chosen = value if isinstance(value, list) else [value]
            assert not options or set(chosen) <= set(options), (name, value, options)
        return self.post(form.action, {**form.hidden, **values})

    def post(self, action: str, values: Values, **headers: str) -> Response:
        sent = {"Content-Type": TYPE, "Origin": str(self.client.base_url).rstrip("/"), **ACCEPT}
        content = urlencode(values, doseq=True)
        answer: Response = self.client.post(action, content=content, headers=sent | headers)
        return answer

    def follow(self, answer: Response) -> Page:
        """The page that a form leads to."""
        assert answer.status_code == 303, Page(answer).words
        return self.open(answer.headers["Location"])
