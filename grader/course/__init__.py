"""What the authors of a course wrote, read into values: assignments, lessons, misconceptions, teaching examples."""
