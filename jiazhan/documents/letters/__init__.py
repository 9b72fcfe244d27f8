"""Letters, receipts and posters: what stands in them (`content`), as PDF (`pdf`) and as DOCX (`word`)."""
