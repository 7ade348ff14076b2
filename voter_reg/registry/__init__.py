"""The Municipal ID registry: a small service of its own that answers yes or no about a card and remembers nothing."""
