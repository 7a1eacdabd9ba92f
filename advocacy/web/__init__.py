"""What is reached by http."""
