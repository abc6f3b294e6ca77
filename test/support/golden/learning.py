"""Freezes what scikit-learn, scipy and numpy make of small seeded data, as the reference of our encoder, metrics,
regressions and calibrations.

    OMP_NUM_THREADS=1 python test/support/golden/learning.py

needs numpy, scipy and scikit-learn; writes learning.json beside itself.
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.stats import bootstrap, rankdata
from sklearn import metrics
from sklearn.calibration import _SigmoidCalibration, calibration_curve
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

SEED = 20261121
rng = np.random.default_rng(SEED)


def encoder():
    """Training rows, and rows with what training never saw: a missing number, an unknown category."""
    train, other = 120, 20
    tenure = rng.integers(0, 72, train + other).astype(float)
    charges = np.round(rng.gamma(4, 20, train + other), 2)
    charges[rng.random(train + other) < 0.1] = np.nan
    constant = np.full(train + other, 0.1)
    contract = rng.choice(["One year", "Two year", "Month-to-month"], train + other).astype(object)
    contract[train::7] = "Decade"
    gender = rng.choice(["b", "B", "á"], train + other).astype(object)
    numbers = np.column_stack([tenure, charges, constant])
    categories = np.column_stack([contract, gender])
    front = ColumnTransformer(
        [
            ("n", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), [0, 1, 2]),
            ("c", OneHotEncoder(handle_unknown="ignore", sparse_output=False), [3, 4]),
        ]
    )
    table = np.column_stack([numbers.astype(object), categories])
    front.fit(table[:train])
    imputer, scaler = front.named_transformers_["n"]
    rows = [
        {"tenure": t, "charges": None if np.isnan(c) else c, "constant": k, "contract": a, "gender": g}
        for t, c, k, a, g in table
    ]
    return {
        "train": rows[:train],
        "other": rows[train:],
        "median": imputer.statistics_.tolist(),
        "mean": scaler.mean_.tolist(),
        "scale": scaler.scale_.tolist(),
        "categories": [c.tolist() for c in front.named_transformers_["c"].categories_],
        "encoded": front.transform(table[train:]).astype(float).tolist(),
    }


def best_cut(scores, value):
    """Tries every way to part the rows by a threshold."""
    ordered = np.unique(scores)
    cuts = [(ordered[0] / 2), *((ordered[1:] + ordered[:-1]) / 2), (ordered[-1] + 1) / 2]
    values = [value(scores >= cut) for cut in cuts]
    return {"threshold": cuts[int(np.argmax(values))], "value": max(values)}


def gains(y, p):
    """Of distinct scores, their number a multiple of ten."""
    ordered = y[np.argsort(-p)]
    return (np.cumsum(ordered.reshape(10, -1).sum(axis=1)) / y.sum()).tolist()


def binary():
    n = 300
    p = np.round(rng.beta(1.2, 2, n), 2)
    p = np.clip(p, 0.01, 0.99)
    y = (rng.random(n) < p).astype(int)
    called = (p >= 0.5).astype(int)
    fpr, tpr, _ = metrics.roc_curve(y, p, drop_intermediate=False)
    precision, recall, thresholds = metrics.precision_recall_curve(y, p)
    rate, mean = calibration_curve(y, p, n_bins=10)
    rows = np.histogram(np.ceil(p * 10) - 1, bins=np.arange(11) - 0.5)[0]
    rows = rows[rows > 0]
    distinct = rng.permutation(n) / n
    costs = {"truePositive": 1, "falsePositive": 2, "trueNegative": 0, "falseNegative": 7}

    def mean_cost(positive):
        tp, fp = (positive & (y == 1)).sum(), (positive & (y == 0)).sum()
        fn, tn = (~positive & (y == 1)).sum(), (~positive & (y == 0)).sum()
        return (tp * 1 + fp * 2 + tn * 0 + fn * 7) / n

    def auc(pos, neg, axis=-1):
        joined = np.concatenate([pos, neg], axis=axis)
        ranks = rankdata(joined, axis=axis)
        k = pos.shape[axis]
        below = np.take(ranks, range(k), axis=axis).sum(axis=axis) - k * (k + 1) / 2
        return below / (k * neg.shape[axis])

    interval = bootstrap(
        (p[y == 1], p[y == 0]), auc, n_resamples=20000, method="percentile", vectorized=True, rng=rng
    ).confidence_interval
    return {
        "labels": y.tolist(),
        "probabilities": p.tolist(),
        "metrics": {
            "roc_auc": metrics.roc_auc_score(y, p),
            "pr_auc": metrics.average_precision_score(y, p),
            "log_loss": metrics.log_loss(y, p),
            "brier_score": metrics.brier_score_loss(y, p),
            "expected_calibration_error": float(np.sum(rows * np.abs(rate - mean)) / n),
            "accuracy": metrics.accuracy_score(y, called),
            "precision": metrics.precision_score(y, called),
            "recall": metrics.recall_score(y, called),
            "f1": metrics.f1_score(y, called),
            "macro_f1": metrics.f1_score(y, called, average="macro"),
            "weighted_f1": metrics.f1_score(y, called, average="weighted"),
        },
        "confusion": metrics.confusion_matrix(y, called).tolist(),
        "roc": {"fpr": fpr.tolist(), "tpr": tpr.tolist()},
        "precision_recall": {
            "precision": precision[:-1].tolist(),
            "recall": recall[:-1].tolist(),
            "thresholds": thresholds.tolist(),
        },
        "calibration": {"rate": rate.tolist(), "mean": mean.tolist(), "rows": rows.tolist()},
        "distinct": distinct.tolist(),
        "gains_of_distinct": gains(y, distinct),
        "auc_interval": [interval.low, interval.high],
        "f1_threshold": best_cut(p, lambda positive: metrics.f1_score(y, positive)),
        "costs": costs,
        "cost_threshold": best_cut(p, lambda positive: -mean_cost(positive)),
    }


def classes():
    n = 240
    raw = rng.normal(0, 1, (n, 3))
    y = rng.integers(0, 3, n)
    raw[np.arange(n), y] += 1
    p = np.exp(raw).astype(np.float32)
    p = (p / p.sum(axis=1, keepdims=True)).astype(np.float32)
    called = p.argmax(axis=1)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(y, called)
    double = p.astype(float)
    return {
        "labels": y.tolist(),
        "probabilities": p.ravel().tolist(),
        "accuracy": metrics.accuracy_score(y, called),
        "macro_f1": metrics.f1_score(y, called, average="macro"),
        "weighted_f1": metrics.f1_score(y, called, average="weighted"),
        "log_loss": float(-np.log(double[np.arange(n), y]).mean()),
        "classes": [precision.tolist(), recall.tolist(), f1.tolist(), support.tolist()],
    }


def regressions():
    """Features are float32, so that both sides see the same numbers."""
    n, d = 200, 6
    x = rng.normal(0, 1, (n, d)).astype(np.float32).astype(float)
    z = x @ rng.normal(0, 1, d)
    y = (rng.random(n) < 1 / (1 + np.exp(-z - 0.7))).astype(int)
    kinds = np.digitize(z + rng.normal(0, 1, n), [-1, 1])

    def fitted(labels, C, weight=None):
        model = LogisticRegression(C=C, solver="newton-cholesky", tol=1e-12, max_iter=1000, class_weight=weight)
        model.fit(x, labels)
        return model

    def binary_case(C, weight=None):
        model = fitted(y, C, weight)
        return {
            "C": C,
            "class_weights": [weight[0], weight[1]] if isinstance(weight, dict) else weight,
            "weights": model.coef_[0].tolist(),
            "intercept": model.intercept_[0],
            "log_odds": model.decision_function(x[:10]).tolist(),
        }

    multi = fitted(kinds, 0.5)
    return {
        "features": x.ravel().tolist(),
        "columns": d,
        "labels": y.tolist(),
        "kinds": kinds.tolist(),
        "logistic": [binary_case(1), binary_case(0.05, "balanced"), binary_case(10, {0: 1, 1: 3})],
        "softmax": {
            "C": 0.5,
            "weights": multi.coef_.ravel().tolist(),
            "probabilities": multi.predict_proba(x[:10]).ravel().tolist(),
        },
    }


def calibration():
    n = 200
    truth = rng.normal(-0.5, 1.5, n)
    y = (rng.random(n) < 1 / (1 + np.exp(-truth))).astype(int)
    scores = np.round(2 * truth + 0.3, 2)
    probe = np.linspace(-12, 12, 49)
    platt = _SigmoidCalibration().fit(scores, y)
    isotonic = IsotonicRegression(out_of_bounds="clip").fit(scores, y)
    return {
        "scores": scores.tolist(),
        "labels": y.tolist(),
        "probe": probe.tolist(),
        "slope": -platt.a_,
        "intercept": -platt.b_,
        "platt": platt.predict(probe).tolist(),
        "isotonic": isotonic.predict(probe).tolist(),
    }


golden = {
    "made_with": {"numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
    "seed": SEED,
    "encoder": encoder(),
    "binary": binary(),
    "classes": classes(),
    "regressions": regressions(),
    "calibration": calibration(),
}
Path(__file__).with_suffix(".json").write_text(json.dumps(golden, ensure_ascii=False, allow_nan=False) + "\n")
