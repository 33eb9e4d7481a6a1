"""Sessions to other forms: one file each."""
