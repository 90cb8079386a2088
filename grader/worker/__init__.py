"""What runs inside the zygote and its workers; it may hold no answer and import no suite."""
