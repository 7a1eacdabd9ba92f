"""Load: a campaign's visitors, with and without attackers, on sites with few and many letters; restarts meanwhile."""
