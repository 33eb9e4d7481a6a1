"""How right the shipped models are on the bundled session, against its ground truth.

python -m benchmarks.bundled_truth
"""

from tests.helpers.truth import compare

if __name__ == "__main__":
    print("\n".join(compare().lines()))
