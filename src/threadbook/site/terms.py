"""Links to the glossary: from a notebook's plain link to one that shows the definition."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from threadbook.site.context import book_of
from threadbook.writing.glossary import GLOSSARY, Glossary, anchor_of, read_glossary

PAGE = GLOSSARY.with_suffix("").as_posix()

logger = logging.getLogger(__name__)


def mark_terms(app: Sphinx, doctree: nodes.document) -> None:
    """Turn each link to an anchor of the glossary into a reference to the term there.

    A Markdown link can only reach headings; Sphinx resolves a term as it does a `term` role.
    """
    for node in list(doctree.findall(addnodes.pending_xref)):
        anchor = node.get("reftargetid")
        if node.get("reftarget") != PAGE or not anchor:
            continue
        name = _names(app).get(anchor)
        if name is None:
            logger.warning("no term at #%s of the glossary", anchor, location=node)
            continue
        fields = {"refdomain": "std", "reftype": "term", "reftarget": name}
        term = addnodes.pending_xref("", refwarn=True, refexplicit=True, **fields)
        term += nodes.inline("", node.astext(), classes=["std-term"])
        term.source, term.line = node.source, node.line
        node.replace_self(term)


def explain_terms(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Give each link to a term its definition as the title, which a pointer shows."""
    names, glossary = _names(app), _glossary_of(app)
    for node in doctree.findall(nodes.reference):
        page, _, anchor = str(node.get("refuri", "")).partition("#")
        term = (
            glossary.find(names.get(anchor, "")) if page.endswith(f"{GLOSSARY.stem}.html") else None
        )
        if term:
            node["reftitle"] = term.definition
            node["classes"].append("tb-term")


class GlossaryLetters(SphinxDirective):
    """A line of letters, each leading to the first term that begins with it."""

    def run(self) -> list[nodes.Node]:
        """Return the line."""
        line = nodes.paragraph(classes=["tb-letters"])
        seen: set[str] = set()
        for term in _glossary_of(self.env.app).terms:
            letter = term.names[0][0].upper()
            if letter.isalpha() and letter not in seen:
                seen.add(letter)
                anchor = anchor_of(term.names[0])
                line += nodes.reference(letter, letter, refuri=f"#{anchor}", internal=True)
                line += nodes.Text(" ")
        return [line]


def _names(app: Sphinx) -> dict[str, str]:
    """Return the name of each term by its anchor."""
    return {anchor_of(name): name for term in _glossary_of(app).terms for name in term.names}


def _glossary_of(app: Sphinx) -> Glossary:
    """Return the glossary of the book, read once a build."""
    glossary: Glossary | None = getattr(app, "threadbook_glossary", None)
    if glossary is None:
        glossary = read_glossary(book_of(app).root)
        app.threadbook_glossary = glossary  # type: ignore[attr-defined]
    return glossary
