"""The office: pages for staff, each behind a guard; they parse, call one use case and render."""
