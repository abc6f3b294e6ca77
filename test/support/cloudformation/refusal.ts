/** CloudFormation would refuse it, or fail on the way. */
export class DeploymentRefusedError extends Error {
  override readonly name = 'DeploymentRefusedError';
}
