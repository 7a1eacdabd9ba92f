"""The staff’s editor of letters: paragraphs in facing languages, labels for blanks and conditions, suggestions."""
