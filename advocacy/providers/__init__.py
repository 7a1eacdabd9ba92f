"""The ways messages leave: one module each, all alike behind one protocol."""
