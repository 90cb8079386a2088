"""Say to a student in another language what the grader says in English; needs Python alone, and ships to students."""
