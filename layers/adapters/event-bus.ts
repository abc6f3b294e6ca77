import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type JobEvents, StoreUnavailableError } from '@kilat/core';
import { aws } from './aws-clients.ts';

/** Events of jobs on a bus of EventBridge's, the CloudEvent in `detail`. */
export const eventBus = (EventBusName: string): JobEvents => ({
  async put(event) {
    const Entry = { EventBusName, Source: 'kilat', DetailType: event.type, Detail: JSON.stringify(event) };
    const { Entries } = await aws.eventBridge.send(new PutEventsCommand({ Entries: [Entry] }));
    const failure = Entries?.[0]?.ErrorCode;
    if (failure) throw new StoreUnavailableError(`the event '${event.id}' was not taken: ${failure}`);
  },
});
