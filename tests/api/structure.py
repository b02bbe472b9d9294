"""What a page's structure has to be for everybody to read and use it, checked without a browser."""

from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
SHAPES = frozenset({"path", "rect", "circle", "line", "use", "stop"})
FIELDS = frozenset({"input", "select", "textarea"})
NAMED = frozenset({"a", "button", "summary", "th", "caption", "legend", "label", "option"})
Attributes = dict[str, str]


class Structure(HTMLParser):
    """Reads a page once; `faults` says in words what is wrong with it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.fields: list[str] = []
        self.pointed_at: list[str] = []
        self.tags: list[str] = []
        self.title = self.lang = ""
        self._open: list[tuple[str, Attributes]] = []
        self._words: list[str] = []
        self._named_tables: list[bool] = []
        self.feed(page)
        self._judge()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids += [found["id"]] if "id" in found else []
        self.pointed_at += found.get("aria-labelledby", "").split()
        self._look_at(tag, found)
        if tag not in VOID | SHAPES:
            self._open.append((tag, found))
            self._words += [""] if tag in NAMED | {"title"} else []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID | SHAPES:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID | SHAPES:
            return
        last, found = self._open.pop()
        if last != tag:
            self.faults.append(f"{last} ends as {tag}")
        if tag == "table" and not self._named_tables.pop():
            self.faults.append("a table has no caption and is in no labelled region")
        if tag in NAMED | {"title"}:
            words = self._words.pop().strip() or found.get("aria-label", "")
            self.title = words if tag == "title" and not self.title else self.title
            if not words:
                self.faults.append(f"{tag} without words: {found}")
            if self._words:
                self._words[-1] += words

    def handle_data(self, data: str) -> None:
        if self._words:
            self._words[-1] += data

    def _look_at(self, tag: str, found: Attributes) -> None:
        if tag == "html":
            self.lang = found.get("lang", "")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        if tag == "table":
            around = [attributes for _, attributes in self._open]
            self._named_tables.append(any("aria-label" in str(each) for each in around))
        if tag == "caption":
            self._named_tables[-1] = True
        if tag == "th" and "scope" not in found:
            self.faults.append("th without scope")
        if tag == "label":
            self.labels.append(found["for"])
        if tag in FIELDS and found.get("type") != "hidden":
            self.fields.append(found.get("id", f"{tag} without id"))
        if tag == "svg" and not self._is_hidden(found) and "aria-label" not in found:
            self.faults.append(f"a picture without words: {found}")
        if "scroll" in found.get("class", "").split() and found.get("tabindex") != "0":
            self.faults.append("what scrolls cannot be reached by keys")

    def _is_hidden(self, found: Attributes) -> bool:
        around = (attributes for _, attributes in self._open)
        return any(each.get("aria-hidden") == "true" for each in (found, *around))

    def _judge(self) -> None:
        steps = zip(self.headings, self.headings[1:], strict=False)
        wrong = {
            "no language": self.lang != "en",
            "no title": not self.title,
            "not one first heading": self.headings[:1] != [1] or self.headings.count(1) != 1,
            "a level of headings is left out": any(later > first + 1 for first, later in steps),
            "an id stands twice": len(set(self.ids)) < len(self.ids),
            "a label for nothing": not set(self.labels) <= set(self.ids),
            "a field without its label": sorted(self.fields) != sorted(self.labels),
            "a name that is not there": not set(self.pointed_at) <= set(self.ids),
            "not one main part": self.tags.count("main") != 1,
            "no way past the head": "main" not in self.ids,
        }
        self.faults += [words for words, is_so in wrong.items() if is_so]
