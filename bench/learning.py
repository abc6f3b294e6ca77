"""The reference of npm run bench:learning: scikit-learn on the rows of a file, one thread.

Reads JSON {folder, rounds} from standard input, writes JSON by case: processor milliseconds, AUC and log loss.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

CASES = {
    "boosting, 31 leaves": lambda: HistGradientBoostingClassifier(early_stopping=False),
    "boosting, 8 leaves": lambda: HistGradientBoostingClassifier(early_stopping=False, max_leaf_nodes=8, learning_rate=0.05),
    "forest, 100 trees": lambda: RandomForestClassifier(100, min_samples_leaf=5, random_state=1, n_jobs=1),
    "logistic": lambda: LogisticRegression(solver="newton-cholesky", tol=1e-8),
}


def rows(folder, name):
    x = np.fromfile(folder / f"{name}.features", np.float32)
    y = np.fromfile(folder / f"{name}.labels", np.uint8)
    return x.reshape(len(y), -1).astype(np.float64), y


def main():
    order = json.load(sys.stdin)
    folder = Path(order["folder"])
    (x, y), (test_x, test_y) = rows(folder, "training"), rows(folder, "test")
    results = {}
    for name, make in CASES.items():
        times = []
        for _ in range(order["rounds"]):
            start = time.process_time()
            model = make().fit(x, y)
            times.append((time.process_time() - start) * 1000)
        p = model.predict_proba(test_x)[:, 1]
        results[name] = {"times": times, "auc": roc_auc_score(test_y, p), "logLoss": log_loss(test_y, p)}
    json.dump({"version": sklearn.__version__, "results": results}, sys.stdout)


main()
