"""The values of a graded submission, and the view of them that an audience may have."""
