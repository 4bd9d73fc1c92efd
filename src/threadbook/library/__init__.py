"""Bibliographic facts joined to entries, citation keys, and the library in three formats."""
