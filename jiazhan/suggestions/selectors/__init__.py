"""What pages and reports read of proposals."""
