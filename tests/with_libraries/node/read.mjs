// Reads with a library of JavaScript what Foldline exported, and prints it as JSON:
// node read.mjs LIBRARY FILE
import { readFileSync } from 'node:fs';

const [library, path] = process.argv.slice(2);
const readers = { emmett, 'cloudevents-js': cloudevents };
console.log(JSON.stringify(await readers[library]()));

async function emmett() {
  const { getSQLiteEventStore } = await import('@event-driven-io/emmett-sqlite');
  const store = getSQLiteEventStore({ fileName: path, schema: { autoMigration: 'None' } });
  const told = [];
  for (let cart = 1; cart <= 5; cart++) {
    const { events } = await store.readStream(`cart-${cart}`);
    events.forEach((it, at) => {
      told.push({ stream: `cart-${cart}`, version: at + 1, type: it.type, data: it.data });
    });
  }
  // It goes on behind what is there.
  const added = [{ type: 'CartReopened', data: {} }];
  const { nextExpectedStreamVersion } = await store.appendToStream('cart-1', added);
  if (Number(nextExpectedStreamVersion) !== 5) throw new Error('it does not append behind them');
  await store.close?.();
  return told;
}

async function cloudevents() {
  const { HTTP } = await import('cloudevents');
  const told = [];
  const versions = {};
  for (const line of readFileSync(path, 'utf-8').split('\n').filter(Boolean)) {
    const headers = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
    const event = HTTP.toEvent({ headers, body: line });
    const version = (versions[event.subject] = (versions[event.subject] ?? 0) + 1);
    told.push({ stream: event.subject, version, type: event.type, data: event.data });
  }
  return told;
}
