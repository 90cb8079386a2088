"""Compare answers, and say in words how they differ; it needs torch alone, knows no answer, and ships to students."""
