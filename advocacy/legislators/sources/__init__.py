"""Where lists of legislators come from: CSV files in the Open North form, and live sources."""
