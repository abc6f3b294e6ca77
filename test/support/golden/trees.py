"""Freezes what scikit-learn and XGBoost make of small seeded data, as the reference of our trees.

    OMP_NUM_THREADS=1 python test/support/golden/trees.py

needs numpy, scikit-learn and xgboost; writes trees.json beside itself.
"""

import json
from pathlib import Path

import numpy as np
import sklearn
import xgboost
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.metrics import log_loss, roc_auc_score

SEED = 20261121
TRAIN, TEST, COLUMNS = 1000, 500, 8


def features(rng, rows):
    """Continuous, few-valued and binary columns; a twentieth of two columns is missing. Eighths fit any float."""
    x = rng.normal(0, 1, (rows, COLUMNS))
    x[:, 3] = rng.integers(0, 12, rows)
    x[:, 4:6] = rng.integers(0, 2, (rows, 2))
    x = np.round(x * 64) / 64
    x[:, :2][rng.random((rows, 2)) < 0.05] = np.nan
    return x


def log_odds(x):
    filled = np.nan_to_num(x, nan=-1.5)
    return filled[:, 0] * 1.2 - filled[:, 1] * filled[:, 2] + (filled[:, 3] > 6) - 1.5 * filled[:, 4] - 0.4


def drawn(rng, rows):
    x = features(rng, rows)
    z = log_odds(x)
    binary = (rng.random(rows) < 1 / (1 + np.exp(-z))).astype(int)
    noisy = z + rng.normal(0, 1, rows)
    return x, binary, np.digitize(noisy, [-1.2, 0.6])


def boosting(x, y, test, weights=None, **settings):
    model = HistGradientBoostingClassifier(early_stopping=False, random_state=SEED, **settings)
    model.fit(x, y, sample_weight=weights)
    raw = model.decision_function(test[0])
    p = model.predict_proba(test[0])
    auc = roc_auc_score(test[1], p[:, 1]) if p.shape[1] == 2 else None
    return {
        "settings": settings,
        "raw_scores": np.round(raw.ravel(), 6).tolist(),
        "auc": auc,
        "log_loss": log_loss(test[1], p),
        "leaves": [sum(int(n["is_leaf"]) for n in tree.nodes) for row in model._predictors for tree in row],
    }


def forest(x, y, test):
    """Ten forests: how far chance alone moves the metrics."""
    runs = []
    for seed in range(10):
        model = RandomForestClassifier(100, min_samples_leaf=5, random_state=seed, n_jobs=1).fit(x, y)
        p = model.predict_proba(test[0])
        runs.append((roc_auc_score(test[1], p[:, 1]), log_loss(test[1], p)))
    auc, loss = np.array(runs).T
    return {"auc": {"mean": auc.mean(), "std": auc.std()}, "log_loss": {"mean": loss.mean(), "std": loss.std()}}


def contributions(x, y, rows):
    """XGBoost's trees as they stand, and what it says each feature contributes. It sends x < threshold left."""
    model = xgboost.train(
        {"objective": "binary:logistic", "max_depth": 5, "eta": 0.3, "base_score": 0.4, "seed": SEED, "nthread": 1},
        xgboost.DMatrix(x, y),
        12,
    )
    data = xgboost.DMatrix(rows)
    columns = ["Feature", "Split", "Yes", "No", "Missing", "Gain", "Cover"]
    raw = json.loads(model.save_raw("json"))["learner"]["gradient_booster"]["model"]["trees"]
    keys = {
        "feature": "split_indices",
        "threshold": "split_conditions",
        "left": "left_children",
        "right": "right_children",
        "default_left": "default_left",
        "cover": "sum_hessian",
    }
    return {
        "base_score": float(np.log(0.4 / 0.6)),
        "trees": [{ours: [float(np.float32(v)) for v in tree[theirs]] for ours, theirs in keys.items()} for tree in raw],
        "rows": [[None if np.isnan(v) else v for v in row] for row in rows.tolist()],
        "contributions": model.predict(data, pred_contribs=True).astype(float).round(8).tolist(),
        "margins": model.predict(data, output_margin=True).astype(float).round(8).tolist(),
    }


def main():
    rng = np.random.default_rng(SEED)
    x, binary, ternary = drawn(rng, TRAIN)
    test_x, test_binary, test_ternary = drawn(rng, TEST)
    test = (test_x, test_binary)
    weights = np.where(np.arange(TRAIN) % 3 == 0, 2.0, 0.5)
    golden = {
        "made_by": {"script": "trees.py", "seed": SEED, "scikit-learn": sklearn.__version__, "xgboost": xgboost.__version__, "numpy": np.__version__},
        "columns": COLUMNS,
        "train": {"features": sixty_fourths(x), "binary": binary.tolist(), "ternary": ternary.tolist()},
        "test": {"features": sixty_fourths(test_x), "binary": test_binary.tolist(), "ternary": test_ternary.tolist()},
        "boosting": {
            "as it comes": boosting(x, binary, test, max_iter=50),
            "small trees": boosting(x, binary, test, max_iter=80, learning_rate=0.05, max_leaf_nodes=8, l2_regularization=1.0),
            "few bins": boosting(x, binary, test, max_iter=30, max_bins=16, min_samples_leaf=10),
            "depth of 3": boosting(x, binary, test, max_iter=50, max_depth=3),
            "sample weights": boosting(x, binary, test, weights, max_iter=30, max_leaf_nodes=8),
            "balanced": boosting(x, binary, test, max_iter=30, max_leaf_nodes=8, class_weight="balanced"),
            "three classes": boosting(x, ternary, (test_x, test_ternary), max_iter=20, max_leaf_nodes=8),
        },
        "forest": forest(x, binary, test),
        "xgboost": contributions(x, binary, test_x[:30]),
    }
    path = Path(__file__).with_name("trees.json")
    path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    print(f"{path}: {path.stat().st_size} bytes")


def sixty_fourths(x):
    """Whole numbers are shorter to write; null is missing."""
    return [None if np.isnan(v) else int(v) for v in (x * 64).ravel()]


if __name__ == "__main__":
    main()
