"""Two machines with one database between them: what holds while one of them is lost and comes back."""
