"""One writer a file: each turns poll books into the bytes of one format."""
