"""The synthetic face rig: geometry, materials, light, sensors and scenes with exact ground truth.

`render.py` draws training samples, `night_drive.py` draws the bundled session; both are seeded: the same seed
gives the same bytes. `sample.py` says what one sample holds and `shards.py` how many of them lie on disk.
"""
