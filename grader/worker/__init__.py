"""What runs beside student code, in the zygote and its workers; it may hold no answer and import no suite."""
