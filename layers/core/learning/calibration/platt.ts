import { minimize } from '../linear/minimize.ts';
import { sigmoid, softplus } from '../log-odds.ts';

/** probability = sigmoid(slope * log-odds + intercept) */
export interface PlattCalibration {
  readonly method: 'platt';
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Platt scaling: a logistic curve over the scores, its targets drawn in a little, so that few rows do not make it steep.
 * Source: J. Platt, "Probabilistic outputs for support vector machines", 1999; H.-T. Lin et al., "A note on Platt's
 * probabilistic outputs for support vector machines", 2007.
 * @param labels 1 for the positive class, 0 for the other
 */
export function fitPlatt(scores: Float64Array, labels: Uint8Array): PlattCalibration {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  const targets = [1 / (negatives + 2), (positives + 1) / (positives + 2)] as const;
  const meanLoss = ([slope, intercept]: Float64Array, gradient: Float64Array): number => {
    gradient.fill(0);
    let loss = 0;
    scores.forEach((score, row) => {
      const logOdds = slope! * score + intercept!;
      const target = targets[labels[row] as 0 | 1];
      const error = (sigmoid(logOdds) - target) / scores.length;
      loss += (softplus(logOdds) - target * logOdds) / scores.length;
      gradient[0]! += error * score;
      gradient[1]! += error;
    });
    return loss;
  };
  const start = Float64Array.of(0, Math.log((positives + 1) / (negatives + 1)));
  const { point } = minimize(meanLoss, start, { gradientTolerance: 1e-12, lossTolerance: 0 });
  return { method: 'platt', slope: point[0]!, intercept: point[1]! };
}
