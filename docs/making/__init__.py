"""Makes the pictures of the lessons by code: `make pictures`. It reads the private course, and nothing of it ships."""
