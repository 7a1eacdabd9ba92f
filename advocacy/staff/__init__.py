"""The people of a site: who they are, what they may do, what they wrote, published and decided."""
