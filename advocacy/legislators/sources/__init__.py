"""Where newer lists come from: a file in the Open North form, and two live sources."""
