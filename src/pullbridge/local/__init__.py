"""What is on this machine: a checkout and its git. Nothing here sends, and nothing here writes."""
