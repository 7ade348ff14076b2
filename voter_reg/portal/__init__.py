"""The resident's portal: pages that parse, call one use case and render."""
