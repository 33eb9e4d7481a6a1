"""What is measured of each shipped model: on rendered samples that training never saw, and on real recordings."""
