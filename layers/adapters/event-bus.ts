import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { JobEndedEvent, TrainingEndedEvent } from '@kilat/contracts';
import { StoreUnavailableError } from '@kilat/core';
import { aws } from './aws-clients.ts';

/** Puts CloudEvents on a bus of EventBridge's, each in `detail`. */
export const eventBus = (EventBusName: string) => ({
  async put(event: JobEndedEvent | TrainingEndedEvent): Promise<void> {
    const Entry = { EventBusName, Source: 'kilat', DetailType: event.type, Detail: JSON.stringify(event) };
    const { Entries } = await aws.eventBridge.send(new PutEventsCommand({ Entries: [Entry] }));
    const failure = Entries?.[0]?.ErrorCode;
    if (failure) throw new StoreUnavailableError(`the event '${event.id}' was not taken: ${failure}`);
  },
});
