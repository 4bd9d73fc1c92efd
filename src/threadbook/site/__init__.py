"""From executed notebooks to the static site."""
