"""What serves an author: begin an assignment, prove it, and show what its suite does not see."""
