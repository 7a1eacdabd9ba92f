"""The ways messages are sent: one module each, all alike behind one protocol."""
