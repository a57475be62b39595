import { shell } from '../../local/shell.ts';

export const other = shell;
