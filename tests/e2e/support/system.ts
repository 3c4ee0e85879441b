import { join, resolve } from 'node:path';

/** The repository's root. */
export const root = resolve(__dirname, '../../..');

/** Where screenshots, traces and the system's data go. */
export const output = join(root, 'target/e2e');

// Away from the ports of `cargo xtask dev`. Two checkouts on one machine each take four ports of their own: `JOURNEYS_PORT=28787`.
const first = Number(process.env.JOURNEYS_PORT ?? 18787);
const ports = { edge: first, pages: first + 1, raptor: first + 2, helpdesk: first + 3 };

/** What a customer's browser opens. */
export const edge = `http://localhost:${ports.edge}`;
/** Raptor itself, which no customer reaches. */
export const raptor = `http://127.0.0.1:${ports.raptor}`;
/** The help desk's double, and the side on which agents act. */
export const helpdesk = `http://127.0.0.1:${ports.helpdesk}`;

/** Starts all of it; `options` are more of `cargo xtask dev`. What it says goes to `system.log`. */
export const start = (options: string): string => [
  `mkdir -p ${output} && exec cargo xtask dev --shipped --fresh`,
  `--port ${ports.edge} --pages-port ${ports.pages} --raptor-port ${ports.raptor} --helpdesk-port ${ports.helpdesk}`,
  `--data ${join(output, 'system')} ${options} > ${join(output, 'system.log')}`,
].join(' ');
