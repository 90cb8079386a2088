"""Split a source into statements, find what they define, and load them one by one; ships to students."""
