"""The law as pure functions over dated figures."""
