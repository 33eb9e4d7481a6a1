"""Sessions to other forms, where that needs the pipeline: one file each."""
