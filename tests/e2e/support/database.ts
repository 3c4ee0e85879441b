import type { Page } from '@playwright/test';

// The browser's database, as the page's developer tools would show and change it.

/** Changes properties of every draft, as another version of the portal would. Answers the key of the first. */
export async function changeDrafts(page: Page, change: Record<string, unknown>, version?: number): Promise<string> {
  return page.evaluate(
    async ([change, version]) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open('raxx-support', version);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(opening.error);
      });
      const store = database.transaction('drafts', 'readwrite').objectStore('drafts');
      const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve) => (request.onsuccess = () => resolve(request.result)));
      const keys = (await done(store.getAllKeys())) as string[];
      for (const key of keys) await done(store.put({ ...(await done(store.get(key))), ...change }, key));
      database.close();
      return keys[0];
    },
    [change, version] as const,
  );
}

/** Forgets what was last seen, as if the customer had never been there. */
export async function forgetSeen(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('raxx-support');
      opening.onsuccess = () => resolve(opening.result);
    });
    const clearing = database.transaction('seen', 'readwrite').objectStore('seen').clear();
    await new Promise((resolve) => (clearing.onsuccess = resolve));
    database.close();
  });
}

/** The page's next load shows nothing of before: neither how it looked nor what was last seen. */
export async function comeAsNew(page: Page): Promise<void> {
  await page.addInitScript(() => window.origin !== 'null' && sessionStorage.removeItem('raxx.look'));
  await forgetSeen(page);
}

/** A draft as it lies there. */
export async function readDraft(page: Page, key: string): Promise<unknown> {
  return page.evaluate(async (key) => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('raxx-support');
      opening.onsuccess = () => resolve(opening.result);
    });
    const reading = database.transaction('drafts').objectStore('drafts').get(key);
    const found = await new Promise((resolve) => (reading.onsuccess = () => resolve(reading.result)));
    database.close();
    return found;
  }, key);
}

/** The keys of all that lies there: drafts, and what was last seen. */
export async function keptKeys(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('raxx-support');
      opening.onsuccess = () => resolve(opening.result);
    });
    const all = ['drafts', 'seen'].map(async (name) => {
      const reading = database.transaction(name).objectStore(name).getAllKeys();
      await new Promise((resolve) => (reading.onsuccess = resolve));
      return reading.result as string[];
    });
    const keys = (await Promise.all(all)).flat();
    database.close();
    return keys;
  });
}
