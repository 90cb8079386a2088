"""What a hidden suite is written with."""
