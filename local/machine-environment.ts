import { join } from 'node:path';
import type { StateDirectory } from './state/state-directory.ts';

/** Variables of this machine that a job may see: where programs are, whose home it is, which Java. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'JAVA_HOME', 'LD_LIBRARY_PATH', 'TMPDIR'];

/** What every job inherits, and what makes Python behave alike on any machine. */
export function machineEnvironment(state: StateDirectory): Readonly<Record<string, string>> {
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(inherited),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    PYTHONUTF8: '1',
    PYTHONUNBUFFERED: '1',
    PYTHONHASHSEED: '0',
    PYTHONPYCACHEPREFIX: join(state.python, 'bytecode'),
  };
}
