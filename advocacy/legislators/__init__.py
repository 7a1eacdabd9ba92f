"""Who sits where, who represents a postal code, and how each is addressed."""
