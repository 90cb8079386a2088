"""What a hidden suite is written with, and what runs it."""
