"""What can be wrong with a campaign's files, and what would make its letters easier to read."""
