"""Which paper belongs to which thread, and what a thread is made of."""
