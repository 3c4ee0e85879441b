import type { CDPSession, Page } from '@playwright/test';

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
