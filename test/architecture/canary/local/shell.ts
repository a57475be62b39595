import { main } from '../cli/main.ts';

export const shell = main;
