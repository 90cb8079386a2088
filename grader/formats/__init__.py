"""A view as text, a file for each format or for those alike; it gets nothing but a view, or what is entrusted."""
