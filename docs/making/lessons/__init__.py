"""The pictures of the lessons: a module for each, whose `PICTURES` has a function for each file."""
