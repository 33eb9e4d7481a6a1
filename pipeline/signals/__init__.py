"""What the faces say: small classes that each measure one thing of one face over time. Order and names: table.py."""
