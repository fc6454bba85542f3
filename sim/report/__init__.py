"""What a run says, in words."""
