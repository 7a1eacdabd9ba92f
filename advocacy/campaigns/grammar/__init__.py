"""The language that letters are written in: what is allowed in it, and how a text is compiled to a program."""
