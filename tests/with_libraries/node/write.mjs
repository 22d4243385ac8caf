// Writes with a library of JavaScript what `python -m tests.with_libraries` reads afterwards, and
// prints what it wrote as JSON: node write.mjs LIBRARY FILE
import { writeFileSync } from 'node:fs';

const [library, path] = process.argv.slice(2);
const writers = { emmett, castore, redux, 'cloudevents-js': cloudevents };
console.log(JSON.stringify(await writers[library]()));

async function emmett() {
  const { getSQLiteEventStore } = await import('@event-driven-io/emmett-sqlite');
  const store = getSQLiteEventStore({
    fileName: path,
    schema: { autoMigration: 'CreateOrUpdate' },
  });
  const told = [];
  for (let cart = 1; cart <= 5; cart++) {
    for (let n = 1; n <= 4; n++) {
      const data = { sku: `S-${n}`, quantity: n, note: 'Käse ☕' };
      const type = n < 4 ? 'ProductItemAdded' : 'CartConfirmed';
      const metadata = { correlationId: `c-${cart}` };
      await store.appendToStream(`cart-${cart}`, [{ type, data, metadata }]);
      told.push({ stream: `cart-${cart}`, version: n, type, data });
    }
  }
  await store.close?.();
  return told;
}

async function castore() {
  const { InMemoryEventStorageAdapter } = await import(
    '@castore/event-storage-adapter-in-memory'
  );
  const adapter = new InMemoryEventStorageAdapter({});
  const store = { eventStoreId: 'POKEMONS' };
  const told = [];
  for (let pokemon = 1; pokemon <= 4; pokemon++) {
    for (let version = 1; version <= 3; version++) {
      const event = {
        aggregateId: `pokemon-${pokemon}`,
        version,
        type: version === 1 ? 'APPEARED' : 'LEVELLED_UP',
        timestamp: new Date(1767225600000 + 1000 * (pokemon + 10 * version)).toISOString(),
        payload: { level: version, name: 'Nidoran♀' },
      };
      await adapter.pushEvent(event, store);
      const { aggregateId: stream, type, payload: data } = event;
      told.push({ stream, version, type, data });
    }
  }
  const { aggregateIds } = await adapter.listAggregateIds(store);
  const dump = [];
  for (const { aggregateId } of aggregateIds) {
    const { events } = await adapter.getEvents(aggregateId, store);
    dump.push({ aggregateId, events });
  }
  writeFileSync(path, JSON.stringify(dump));
  return told;
}

async function redux() {
  const { createStore } = await import('redux');
  const { default: instrumented } = await import('@redux-devtools/instrument');
  const instrument = instrumented.instrument ?? instrumented.default ?? instrumented;
  const reducer = (state = { n: 0 }, action) => ({ n: state.n + (action.payload?.by ?? 0) });
  const store = createStore(reducer, instrument());
  const told = [];
  for (let by = 1; by <= 12; by++) {
    store.dispatch({ type: 'counter/add', payload: { by } });
    told.push({ stream: 'redux', version: by, type: 'counter/add', data: { by } });
  }
  writeFileSync(path, JSON.stringify(store.liftedStore.getState()));
  return told;
}

async function cloudevents() {
  const { CloudEvent } = await import('cloudevents');
  const told = [];
  const lines = [];
  for (let n = 1; n <= 20; n++) {
    const subject = `order-${n % 4}`;
    const data = { n, note: 'Käse ☕' };
    const event = new CloudEvent({
      type: 'order.noted', source: '/shop', id: `e-${n}`, subject, data,
      time: new Date(1767225600000 + 1000 * n).toISOString(),
    });
    lines.push(JSON.stringify(event));
    told.push({ stream: subject, version: Math.ceil(n / 4), type: 'order.noted', data });
  }
  writeFileSync(path, lines.join('\n') + '\n');
  return told;
}
