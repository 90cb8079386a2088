"""A view as text, one file a format; a format gets nothing but a view, or what is entrusted to a service."""
