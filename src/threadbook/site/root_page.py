"""The opening page as the site's root: chapters/index.md becomes index.html.

Every link to it leads there. What stands at chapters/index.html sends old links on.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from threadbook.files import write_text
from threadbook.site.context import HOME, locate_page

REDIRECT = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Moved to the opening page</title>
<link rel="canonical" href="{canonical}">
<script>location.replace("../index.html" + location.hash)</script>
<meta http-equiv="refresh" content="0; url=../index.html">
</head>
<body>
<p>The opening page is <a href="../index.html">one folder up</a>.</p>
</body>
</html>
"""


class RootedBuilder(StandaloneHTMLBuilder):
    """Sphinx's HTML builder, with the opening page at the root instead of in its folder."""

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return the address of a page, relative to the root."""
        return locate_page(HOME) if docname == HOME else super().get_target_uri(docname, typ)

    def get_outfilename(self, pagename: str) -> str:
        """Return the file of a page."""
        if pagename == HOME:
            return str(Path(self.outdir) / locate_page(HOME))
        return super().get_outfilename(pagename)


def add_root_page(app: Sphinx) -> None:
    """Build the opening page at the root, and a redirect where its source lies."""
    app.add_builder(RootedBuilder, override=True)
    app.connect("build-finished", _write_redirect)


def render_redirect(base: str) -> str:
    """Return the page that leads to the root; `base` is the site's public address, if known."""
    return REDIRECT.format(canonical=escape(base or "../index.html"))


def _write_redirect(app: Sphinx, exception: Exception | None) -> None:
    if exception is None and app.builder.format == "html":
        text = render_redirect(app.config.html_baseurl)
        write_text(Path(app.outdir) / f"{HOME}.html", text)
