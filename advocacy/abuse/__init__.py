"""Defence against abuse: what is counted, whose addresses are refused, and proof of work under pressure."""
