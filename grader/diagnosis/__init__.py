"""Say what is wrong with an exercise: the misconception by name, and one small call."""
