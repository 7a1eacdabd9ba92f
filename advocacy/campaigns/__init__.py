"""What staff write: campaigns, letter templates, their fields, and the small language they are written in."""
