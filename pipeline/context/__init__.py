"""What is known beside the pictures of a live run: values that others send, on our clock."""
