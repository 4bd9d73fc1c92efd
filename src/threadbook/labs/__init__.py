"""Small re-implementations of the methods that the threads put to the test."""
