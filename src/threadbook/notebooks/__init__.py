"""Composing a thread's notebook from its chapter and its data, and running it."""
