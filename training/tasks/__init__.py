"""What each network learns: how a batch is made from samples, and what its loss is. One file each."""
