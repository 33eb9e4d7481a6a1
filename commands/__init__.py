"""What the commands of the front door do on a terminal; one file a group of commands. Above every room."""
