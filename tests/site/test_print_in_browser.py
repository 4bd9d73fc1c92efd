"""A page on paper: a PDF of some pages, whose links lead to the published site."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest

from threadbook.site.pdf import print_page

HTML = Path(__file__).parents[2] / "_build" / "html"
BASE = "https://example.org/threadbook/"


@pytest.fixture(scope="module")
def printed(browser, serve, tmp_path_factory):
    """The page of a thread as PDF."""
    page = "notebooks/straight-to-one-step.html"
    if not (HTML / page).exists():
        pytest.skip("no built site: nothing was printed")
    file = tmp_path_factory.mktemp("pdf") / "page.pdf"
    return print_page(browser, f"{serve(HTML)}/{page}", file, BASE).read_bytes()


def test_printing_gives_a_pdf_of_several_pages(printed):
    assert printed.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 5


def test_links_lead_to_the_published_site_not_to_the_server_that_printed(printed):
    texts = [printed, *unpack(printed)]
    links = {link for text in texts for link in re.findall(rb"/URI \((.*?)\)", text)}
    assert any(link.startswith(f"{BASE}notebooks/".encode()) for link in links)
    assert not any(b"127.0.0.1" in link for link in links)


def unpack(pdf: bytes) -> list[bytes]:
    """Return the streams of a PDF that are compressed, unpacked."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.S):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return found
