/** What a deployed stage tells of itself: the outputs of its stacks, each with the id of the stack that has it. */
export const stageOutputs = {
  ApiUrl: 'Api',
  UserPoolId: 'Identity',
  UserPoolClientId: 'Identity',
  InboxBucket: 'Storage',
  PredictFunction: 'Inference',
} as const;
export type StageOutput = keyof typeof stageOutputs;

/** @param id of the stack, as the CDK knows it */
export const stackName = (stage: string, id: string): string => `kilat-${stage}-${id.toLowerCase()}`;
