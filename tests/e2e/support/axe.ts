import { expect, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';

const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

type Result = { violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[] };

/**
 * What is far outside of the window is not drawn, and changes to the other theme at the moment when somebody looks: axe would look too
 * soon. A message and its colours are the same ones when they are drawn.
 */
function drawEverything(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { content-visibility: visible !important; }');
  document.adoptedStyleSheets = [sheet];
}

/** No violation of WCAG 2.2 AA or of axe's best practices, in the dark and in the light theme. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(drawEverything);
    // A colour that is still on its way to the other theme is none that anybody reads.
    await page.evaluate(async () => {
      // Where a colour is inherited, the end of one way is the beginning of the next.
      for (;;) {
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        const ending = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity);
        if (ending.length === 0) break;
        await Promise.all(ending.map((animation) => animation.finished.catch(() => undefined)));
      }
    });
    await page.evaluate(source);
    const { violations } = await page.evaluate(
      (runOnly) => (window as unknown as { axe: { run(what: Document, how: object): Promise<Result> } }).axe.run(document, { runOnly, resultTypes: ['violations'] }),
      rules,
    );
    const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id} at ${JSON.stringify(node.target)}: ${node.failureSummary}`));
    // Soft: one run says what is wrong with every state, not with the first one only.
    expect.soft(found, `${state}, ${colorScheme}`).toEqual([]);
  }
}
