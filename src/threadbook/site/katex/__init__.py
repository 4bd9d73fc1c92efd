"""KaTeX, run while the site is built, so that a page needs no script to show mathematics."""
