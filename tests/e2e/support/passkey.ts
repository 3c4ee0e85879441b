import { expect, type CDPSession, type Page } from '@playwright/test';

/** A passkey provider built into the browser: it confirms at once, as a customer with a willing finger would. */
export class Authenticator {
  private constructor(
    private readonly session: CDPSession,
    private readonly id: string,
  ) {}

  static async plugIn(page: Page): Promise<Authenticator> {
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable', { enableUI: false });
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new Authenticator(session, authenticatorId);
  }

  /** The passkeys that it keeps. */
  async passkeys(): Promise<unknown[]> {
    const { credentials } = await this.session.send('WebAuthn.getCredentials', { authenticatorId: this.id });
    return credentials;
  }

  /** Forgets its passkeys and takes over those of another one: somebody else sits down at this browser. */
  async replaceBy(other: Authenticator): Promise<void> {
    const { credentials } = await other.session.send('WebAuthn.getCredentials', { authenticatorId: other.id });
    await this.session.send('WebAuthn.clearCredentials', { authenticatorId: this.id });
    for (const credential of credentials) await this.session.send('WebAuthn.addCredential', { authenticatorId: this.id, credential });
  }

  /** Whether the customer's finger is accepted from now on. */
  async accept(yes: boolean): Promise<void> {
    await this.session.send('WebAuthn.setUserVerified', { authenticatorId: this.id, isUserVerified: yes });
  }
}

type Passkeys = { choosePasskey?: () => void; isAway?: boolean };

/**
 * A browser that offers passkeys in a field, where one is chosen when the journey says so: the built-in provider would choose at once.
 * While the customer is away, its prompt waits like that, too.
 */
export async function waitForChoices(page: Page): Promise<void> {
  await page.addInitScript(() => {
    if (!('PublicKeyCredential' in window)) return;
    const passkeys = window as Window & Passkeys;
    PublicKeyCredential.isConditionalMediationAvailable = async () => true;
    const get = navigator.credentials.get.bind(navigator.credentials);
    navigator.credentials.get = async (options) => {
      const { publicKey, mediation, signal } = options ?? {};
      if (mediation !== 'conditional' && !passkeys.isAway) return get({ publicKey });
      signal?.throwIfAborted();
      return new Promise((resolve, reject) => {
        passkeys.choosePasskey = () => void get({ publicKey }).then(resolve, reject);
        signal?.addEventListener('abort', () => {
          delete passkeys.choosePasskey;
          reject(signal?.reason);
        });
      });
    };
  });
}

export const isOffered = (page: Page) => expect.poll(() => page.evaluate(() => (window as Window & Passkeys).choosePasskey !== undefined), 'a passkey can be chosen').toBe(true);

export const choose = (page: Page) => page.evaluate(() => (window as Window & Passkeys).choosePasskey?.());

export const beAway = (page: Page, isAway: boolean) => page.evaluate((isAway) => void ((window as Window & Passkeys).isAway = isAway), isAway);
