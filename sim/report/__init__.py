"""What a run says, in words: as text for the terminal, as one page for people."""
