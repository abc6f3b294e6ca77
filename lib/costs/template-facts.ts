import { historyTable } from '@kilat/contracts';

/** What of the templates costs something. */
export interface TemplateFacts {
  readonly alarms: number;
  readonly dashboards: number;
  /** mappings that feed a function from a queue, and ask it day and night */
  readonly queueMappings: number;
  /** each is written with every item of the history */
  readonly historyIndexes: number;
}

interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: {
    readonly KeySchema?: readonly { readonly AttributeName: string }[];
    readonly GlobalSecondaryIndexes?: readonly unknown[];
  };
}

/** @param templates of all stacks of a stage, as synthesis writes them */
export function factsOf(templates: readonly Template[]): TemplateFacts {
  const resources = templates.flatMap(({ Resources = {} }) => Object.values(Resources));
  const count = (type: string): number => resources.filter(({ Type }) => Type === type).length;
  return {
    alarms: count('AWS::CloudWatch::Alarm'),
    dashboards: count('AWS::CloudWatch::Dashboard'),
    queueMappings: count('AWS::Lambda::EventSourceMapping'),
    historyIndexes: resources.find(isHistory)?.Properties?.GlobalSecondaryIndexes?.length ?? 0,
  };
}

const isHistory = ({ Type, Properties }: Resource): boolean =>
  Type === 'AWS::DynamoDB::GlobalTable' && Properties?.KeySchema?.[0]?.AttributeName === historyTable.partitionKey;
