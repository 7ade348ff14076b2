"""Use cases, one subject a file. Each public function is one transaction and says who acts."""
