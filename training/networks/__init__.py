"""The networks, layer by layer: the papers' own (`seed`) and ours (`plus`).

`registry.py` lists them without needing torch; every other file here imports torch.
"""
