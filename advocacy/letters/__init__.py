"""A letter from its parts to its words, and the guard over what citizens write into it."""
