"""The database: models and queries, one subject a file. Nothing personal stands here in clear."""
