"""Messages waiting, sent and accounted for. Delivery knows envelopes, not letters."""
